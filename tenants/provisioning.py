"""Make room: the application's database role, the shared schema, a schema per tenant.

Runtime connections act as the application role, which can only read and append the log. What is
here needs the owner, so it steps out of that role for as long as it takes and steps back.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django_tenants.utils import schema_context
from psycopg import sql

from eventlog import schema as eventlog_schema
from tenants.models import Domain, Tenant

APP_ROLE = "touchstone_app"
_RUNTIME_ONLY = ("options", "pool")


def ensure_role(database_url: str) -> None:
    """Create the application role when the server lacks it, and let the login role act as it.

    Connects on its own: Django's connections start in that role, so it must exist before them.
    """
    with psycopg.connect(database_url, autocommit=True) as owner:
        known = owner.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [APP_ROLE]).fetchone()
        if known is None:
            # Another process may be faster: roles belong to the server, not to the database.
            with suppress(psycopg.errors.DuplicateObject, psycopg.errors.UniqueViolation):
                owner.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(APP_ROLE)))
        owner.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(APP_ROLE)))


@contextmanager
def as_owner() -> Iterator[None]:
    """Act as the login role (which owns the schemas) instead of the application role.

    Migrating closes and reopens the connection, so a SET ROLE would be lost on the way: this
    thread's connection is given settings of its own, outside the pool, and its old ones afterwards.
    """
    runtime = connection.settings_dict
    options = {key: value for key, value in runtime["OPTIONS"].items() if key not in _RUNTIME_ONLY}
    connection.close()
    connection.settings_dict = {**runtime, "OPTIONS": options}
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = runtime


def install_extensions() -> None:
    """Switch TimescaleDB on where the server has it; ask for the owner's role first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'timescaledb'")
        if cursor.fetchone() is not None:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS timescaledb")


def bootstrap(*, verbosity: int = 0) -> None:
    """Bring the shared schema and every tenant's to the present migration; safe to repeat."""
    with as_owner():
        install_extensions()
        call_command("migrate_schemas", schema_name="public", verbosity=verbosity)
        _grant("public")
        for tenant in Tenant.objects.exclude(provisioned_at=None).order_by("pk"):
            _migrate(tenant, verbosity)


def provision(*, tenant: Tenant, now: datetime, verbosity: int = 0) -> None:
    """Create and fill the tenant's schema, then open the tenant; safe to repeat after a crash."""
    make_room(tenant=tenant, verbosity=verbosity)
    open_doors(tenant=tenant, now=now)


def make_room(*, tenant: Tenant, verbosity: int = 0) -> None:
    """Create the tenant's schema and bring it to the present migration; safe to repeat."""
    with as_owner():
        with connection.cursor() as cursor:
            cursor.execute(
                sql.SQL("CREATE SCHEMA IF NOT EXISTS {}")
                .format(sql.Identifier(tenant.schema_name))
                .as_string(cursor.connection)
            )
        _migrate(tenant, verbosity)


def open_doors(*, tenant: Tenant, now: datetime) -> None:
    """Give the tenant its host name and let requests in; repeating changes nothing."""
    Domain.objects.get_or_create(
        domain=f"{tenant.slug}.{settings.BASE_DOMAIN}", defaults={"tenant": tenant}
    )
    Tenant.objects.filter(pk=tenant.pk, provisioned_at=None).update(provisioned_at=now)
    tenant.refresh_from_db()


def _migrate(tenant: Tenant, verbosity: int) -> None:
    call_command("migrate_schemas", schema_name=tenant.schema_name, verbosity=verbosity)
    _grant(tenant.schema_name)


def _grant(schema: str) -> None:
    with schema_context(schema):
        eventlog_schema.grant(APP_ROLE)
