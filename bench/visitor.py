"""Make an owner of the bench tenant who has come in, print the key of the session."""

import os
import secrets


def main() -> None:
    """Needs the database that ``bench.tenant`` prepared."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from kernel import clock
    from tenants import sessions
    from tenants.contracts import Role
    from tenants.models import Membership, Tenant, User

    tenant = Tenant.objects.get(slug="bench")
    user = User.objects.create_user(email="bench@example.org", password=secrets.token_urlsafe())
    Membership.objects.create(tenant=tenant, user=user, role=Role.OWNER, created_at=clock.now())
    root, session = sessions.store(), sessions.store()
    root.create()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    sessions.bind(session, tenant=tenant, root=str(root.session_key))
    session.create()
    print(session.session_key)


if __name__ == "__main__":
    main()
