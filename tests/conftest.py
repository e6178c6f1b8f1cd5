"""The cast of the suite: acme and rival, their owners and keys, on a real server as the real role.

Each worker process has a database of its own on the configured server, made and dropped here.
"""

import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import hypothesis
import psycopg
import pytest

ACME, RIVAL = "acme", "rival"
PASSWORD = "correct horse battery staple"
DATABASE_FIXTURES = {
    "db",
    "transactional_db",
    "django_db_setup",
    "committed_tenant",
    "acme",
    "rival",
}


def pytest_configure() -> None:
    """Give this process keys of its own in the Redis it shares with the suite's other processes.

    How long hypothesis takes to think of an example, and a test to run it, say how busy the machine
    is, and nothing of what is tested.
    """
    from django.conf import settings

    hypothesis.settings.register_profile(
        "suite", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
    )
    hypothesis.settings.load_profile("suite")

    mine = f"test-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}-{os.getpid()}"
    settings.CACHES["default"]["KEY_PREFIX"] = mine
    settings.CHANNEL_LAYERS["default"]["CONFIG"]["prefix"] = mine
    settings.QUOTA_EXCHANGE_SECONDS = 0  # tests exchange counts when they mean to
    settings.MLFLOW_TRACKING_URI = ""  # tests that tell of trainings have a store of their own


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    """Mark what needs a database server: that part runs once more on the embedded one."""
    for item in items:
        needs = DATABASE_FIXTURES & set(getattr(item, "fixturenames", ()))
        if needs or item.get_closest_marker("django_db"):
            item.add_marker("database")


@contextmanager
def fresh_database(server: str, name: str) -> Iterator[str]:
    """A new database ``name`` on ``server``; gone afterwards, whoever is still connected."""
    url = urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        owner.execute(f'CREATE DATABASE "{name}"')
    try:
        yield url
    finally:
        with psycopg.connect(server, autocommit=True) as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_setup(django_test_environment, django_db_blocker, tmp_path_factory):
    """A migrated database with acme and rival, reached as the application's role."""
    from django.conf import settings
    from django.db import connection, connections

    from tenants import provisioning

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = tmp_path_factory.mktemp("static")  # whitenoise wants it to exist
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"test_touchstone_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), fresh_database(settings.DATABASE_URL, name) as url:
        settings.DATABASES["default"]["NAME"] = name
        connection.settings_dict["NAME"] = name
        previous, settings.DATABASE_URL = settings.DATABASE_URL, url
        provisioning.ensure_role(url)
        provisioning.bootstrap()
        for slug in (ACME, RIVAL):
            make_tenant(slug)
        yield
        for each in connections.all():
            each.close()
            if getattr(each, "pool", None):
                each.close_pool()
        settings.DATABASE_URL = previous


def make_tenant(slug: str):
    """An advertiser with one owner, open for business."""
    from kernel import clock
    from tenants import provisioning
    from tenants.contracts import Kind, Role
    from tenants.models import Membership, Tenant, User

    now = clock.now()
    tenant = Tenant.objects.create(
        slug=slug,
        name=slug.title(),
        kind=Kind.ADVERTISER,
        schema_name=f"t_{slug.replace('-', '_')}",
        created_at=now,
    )
    provisioning.provision(tenant=tenant, now=now)
    owner = User.objects.create_user(email=f"owner@{slug}.example", password=PASSWORD, name="Olga")
    Membership.objects.create(tenant=tenant, user=owner, role=Role.OWNER, created_at=now)
    return tenant


def _tenant(slug: str):
    from tenants.models import Tenant

    return Tenant.objects.get(slug=slug)


@pytest.fixture(autouse=True)
def _shared_schema(request):
    """Every test starts in the shared schema, whatever the one before left active."""
    from django.db import connection

    connection.set_schema_to_public()
    yield
    connection.set_schema_to_public()


@pytest.fixture
def acme(db):
    """The tenant of the story."""
    return _tenant(ACME)


@pytest.fixture
def rival(db):
    """The tenant that must see nothing."""
    return _tenant(RIVAL)


@pytest.fixture
def as_tenant():
    """A context manager that makes a tenant's schema the active one."""
    from django_tenants.utils import tenant_context

    return tenant_context


def _key(tenant, *scopes: str) -> str:
    from kernel import clock
    from tenants import keys
    from tenants.contracts import Scope

    issued = keys.issue(
        tenant=tenant,
        name="test",
        scopes=tuple(Scope(scope) for scope in scopes),
        created_by="test",
        now=clock.now(),
    )
    return issued.text


@pytest.fixture
def acme_key(acme):
    """Acme's key for sending and reading."""
    return _key(acme, "ingest", "read")


@pytest.fixture
def rival_key(rival):
    """Rival's key for sending and reading."""
    return _key(rival, "ingest", "read")


@pytest.fixture
def acme_owner(acme):
    """Acme's owner."""
    return acme.memberships.order_by("pk").first().user


def client_of(tenant, user=None):
    """A browser at the tenant's host in which ``user`` (else its owner) has come in."""
    from django.test import Client

    from tenants import sessions

    root = sessions.store()
    root.create()
    client = Client(HTTP_HOST=f"{tenant.slug}.localhost")
    client.force_login(user or tenant.memberships.order_by("pk").first().user)
    session = client.session
    sessions.bind(session, tenant=tenant, root=root.session_key)
    session.save()
    return client


@pytest.fixture
def acme_owner_client(acme):
    """A browser in which acme's owner is logged in, at acme's host."""
    return client_of(acme)


@pytest.fixture
def rival_owner_client(rival):
    """A browser in which rival's owner is logged in, at rival's host."""
    return client_of(rival)


@pytest.fixture
def stranger_client(acme):
    """A browser at acme's host in which nobody is logged in."""
    from django.test import Client

    return Client(HTTP_HOST=f"{acme.slug}.localhost")


@contextmanager
def fresh_tenant():
    """A new tenant, active in this thread and dropped afterwards; what it does is committed."""
    from django.db import connection

    from tenants import provisioning
    from tenants.models import Tenant, User

    connection.set_schema_to_public()
    tenant = make_tenant(f"c{uuid.uuid4().hex[:10]}")
    connection.set_tenant(tenant)
    yield tenant
    connection.set_schema_to_public()
    with provisioning.as_owner(), connection.cursor() as cursor:
        cursor.execute(f'DROP SCHEMA "{tenant.schema_name}" CASCADE')
    User.objects.filter(memberships__tenant=tenant).delete()
    Tenant.objects.filter(pk=tenant.pk).delete()


@pytest.fixture
def committed_tenant(django_db_setup, django_db_blocker):
    """A fresh tenant whose events are really committed, active during the test and dropped after.

    For what depends on the log's horizon: inside a test's transaction a reader sees no own event.
    """
    with django_db_blocker.unblock(), fresh_tenant() as tenant:
        yield tenant


@pytest.fixture
def committed_key(committed_tenant):
    """A key of the committed tenant for sending and reading."""
    from django.db import connection

    connection.set_schema_to_public()
    key = _key(committed_tenant, "ingest", "read")
    connection.set_tenant(committed_tenant)
    return key


@pytest.fixture
def given(as_tenant):
    """Append events to a tenant's log: ``given(acme, [event, …])``."""
    from eventlog.append import append
    from kernel import clock

    def append_to(tenant, events):
        with as_tenant(tenant):
            return append(events, recorded_at=clock.now())

    return append_to
