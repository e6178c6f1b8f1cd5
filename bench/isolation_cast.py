"""Two tenants and everybody who might try, in the configured database; printed as JSON.

``python -m bench.isolation_cast``: acme's things, the routes with acme's ids and with invented ones
in them, who should be let through, and the cookies and keys of the cast. For ``trust/isolation``.
"""

import json
import os
import uuid
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402
from django_tenants.utils import tenant_context  # noqa: E402

from alerts.models import Alert, Route, Rule  # noqa: E402  # the apps must be loaded first
from config import permissions  # noqa: E402
from evidence import jobs  # noqa: E402
from evidence.models import Job  # noqa: E402
from fraud.models import Case, TrainedModel  # noqa: E402
from fraud.rings.found import name_of  # noqa: E402
from kernel import clock  # noqa: E402
from tenants import commands, keys, provisioning, sessions  # noqa: E402
from tenants.contracts import Kind, Role, Scope  # noqa: E402
from tenants.models import ApiKey, Invitation, Membership, SignIn, Tenant, User  # noqa: E402
from tenants.privacy import commands as privacy  # noqa: E402
from tenants.privacy.contracts import Kind as Request  # noqa: E402

Things = dict[str, Any]
NOW = clock.now()
PERSON = "5a" * 16
FAR = 700_000
DIGEST = "5a" * 32
_DECISION = {
    "event": "x", "type": "x", "score": 86, "confidence": 0.5, "verdict": "block", "kind": "bot",
    "reasons": [], "features": {}, "rules": 1, "features_version": "x", "review": 60,
    "block": 80, "thresholds": {},
}  # fmt: skip


def _tenant(slug: str) -> tuple[Tenant, User]:
    tenant = Tenant.objects.create(
        slug=slug, name=slug.title(), kind=Kind.ADVERTISER, schema_name=f"t_{slug}", created_at=NOW
    )
    provisioning.provision(tenant=tenant, now=NOW)
    return tenant, _member(tenant, Role.OWNER)


def _member(tenant: Tenant, role: Role) -> User:
    user = User.objects.create_user(
        email=f"{role}@{tenant.slug}.example", password=uuid.uuid4().hex, name=role.title()
    )
    Membership.objects.create(tenant=tenant, user=user, role=role, created_at=NOW)
    return user


def _cookie(tenant: Tenant, user: User) -> str:
    """A session of ``user`` at the tenant's host, as a log-in would leave it."""
    root = sessions.store()
    root.create()
    session = sessions.store()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    sessions.bind(session, tenant=tenant, root=str(root.session_key))
    session.save()
    return str(session.session_key)


def _key(tenant: Tenant, *scopes: Scope) -> Any:
    return keys.issue(tenant=tenant, name="k", scopes=scopes, created_by="", now=NOW)


def _acmes(acme: Tenant, owner: User) -> Things:
    """Acme's own argument for every parameter of a route; numbers that can't be mistaken."""
    member = User.objects.create_user(email="mia@acme.example", password="x", name="Mia")
    Membership.objects.create(
        pk=FAR + 1, tenant=acme, user=member, role=Role.ANALYST, created_at=NOW
    )
    SignIn.objects.create(
        pk=FAR + 2, user=owner, session_key=uuid.uuid4().hex, device="x", created_at=NOW,
        seen_at=NOW,
    )  # fmt: skip
    commands.invite(tenant=acme, actor=owner, now=NOW, email="new@acme.example", role=Role.ANALYST)
    Invitation.objects.filter(tenant=acme).update(id=FAR + 3)
    asked = privacy.receive(
        tenant=acme, kind=Request.ACCESS, subject=PERSON, actor="x", reference="1",
        received_on=NOW.date(), now=NOW,
    )  # fmt: skip
    made = _key(acme, Scope.READ).id
    ApiKey.objects.filter(pk=made).update(id=FAR + 5)
    with tenant_context(acme):
        jobs.start(Job.Kind.EXPORT, now=NOW)
        Job.objects.update(id=FAR + 4)
        Alert.objects.create(
            id=FAR + 6, kind="rule.events", key="x", severity="warning", title="x", text="x",
            path="/", since=NOW, raised_at=NOW, last_at=NOW,
        )  # fmt: skip
        Route.objects.create(id=FAR + 7, name="x", way="email", created_at=NOW)
        _judged()
        ring = _ring()
        Rule.objects.create(
            id=FAR + 8, name="x", check_kind="above", event_type="x", minutes=5, amount=1,
            created_at=NOW,
        )  # fmt: skip
    return {
        "key_id": FAR + 5, "member_id": FAR + 1, "sign_in_id": FAR + 2,
        "invitation_id": FAR + 3, "request_id": uuid.UUID(str(asked)), "job_id": FAR + 4,
        "person": PERSON, "subject": PERSON, "alert_id": FAR + 6, "route_id": FAR + 7,
        "rule_id": FAR + 8, "case_id": uuid.UUID(int=FAR), "ring": ring, "digest": DIGEST,
        "forecast_id": uuid.UUID(int=FAR + 9),
    }  # fmt: skip


def _ring() -> str:
    """The name of a ring of ten devices behind one address."""
    events = [uuid.UUID(int=FAR + 100 + device) for device in range(10)]
    Case.objects.bulk_create(
        Case(
            event=event, at=NOW, decided_at=NOW, type="x", subject=PERSON, score=86,
            verdict="block", kind="bot",
            record=_DECISION | {"entities": {"device": float(1 + number), "ip": 7.0}},
        )
        for number, event in enumerate(events)
    )  # fmt: skip
    return name_of(str(events[0]))


def _judged() -> None:
    """A case and a model of the active tenant."""
    Case.objects.create(
        event=uuid.UUID(int=FAR), at=NOW, decided_at=NOW, type="x", subject=PERSON, score=86,
        verdict="block", kind="bot", record=_DECISION,
    )  # fmt: skip
    TrainedModel.objects.create(
        digest=DIGEST, family="x", state="challenger", features_version="x", registered_at=NOW,
        figures={"recall": 1.0}, learned_from={"examples": 1, "fraud": 1}, artefact=b"",
    )  # fmt: skip


def _invented(value: object) -> object:
    """A value of the same form that nobody has."""
    if isinstance(value, int):
        return value + 1_000
    return uuid.uuid4().hex if isinstance(value, str) else uuid.uuid4()


def _path(template: str, things: Things) -> str:
    """A door's path with ``things`` for its parameters, and something fit where there is none."""
    fit = {"int": 7, "uuid": uuid.UUID(int=7), "str": "x"}
    path, _, rest = template.partition("<")
    while rest:
        parameter, _, rest = rest.partition(">")
        kind, _, name = parameter.rpartition(":")
        before, _, rest = rest.partition("<")
        path += str(things.get(name, fit.get(kind or "str", "x"))) + before
    return path


def cast() -> Things:
    """Make everything; what the bench needs to know of it."""
    acme, owner = _tenant("acme")
    rival, rivals_owner = _tenant("rival")
    others = {role: _member(acme, role) for role in Role if role is not Role.OWNER}
    things = _acmes(acme, owner)
    invented = {name: _invented(value) for name, value in things.items()}
    revoked = _key(acme, *Scope)
    keys.revoke(tenant=acme, key_id=revoked.id, now=NOW)
    doors = [
        {
            "path": _path(door.path, things),
            "invented": _path(door.path, invented),
            "asks": door.asks,
            "closed": {
                method: [role for role in others if not door.opens(role, method)]
                for method in ("get", "post")
            },
        }
        for door in permissions.doors()
    ]  # fmt: skip
    gates = [
        {"path": _path(path, things), "invented": _path(path, invented)}
        for path, _ in permissions.gates()
    ]
    return {
        "doors": doors,
        "gates": gates,
        "cookies": {role: _cookie(acme, user) for role, user in others.items()},
        "owner": _cookie(acme, owner),
        "rival": _cookie(rival, rivals_owner),
        "keys": {
            "none": "", "revoked": revoked.text, "without a scope": _key(acme).text,
            "invented": revoked.text[:-6] + "aaaaaa",
        },
        "rival_key": _key(rival, *Scope).text,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(cast(), default=str))
