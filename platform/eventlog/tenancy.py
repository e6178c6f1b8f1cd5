"""Which tenant's schema is active: the one place that knows what django-tenants adds.

Fail-closed: what belongs to a tenant asks ``active_tenant``, which raises instead of falling back
to the shared schema.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from django.db import connection

from eventlog.contracts import NoTenant
from kernel import about

SHARED = "public"


def active_schema() -> str:
    """The active schema's name; the shared one when no tenant is active."""
    return str(cast("Any", connection).schema_name or SHARED)


def active_tenant() -> str:
    """The active tenant's schema; raises ``NoTenant`` when there is none."""
    schema = active_schema()
    if schema == SHARED:
        raise NoTenant("No tenant is active here, and this belongs to one.")
    return schema


def activate(tenant: Any) -> None:
    """Make the schema of ``tenant`` the active one for this thread's connection."""
    about.note(tenant=tenant.schema_name)
    cast("Any", connection).set_tenant(tenant)


def deactivate() -> None:
    """Go back to the shared schema."""
    cast("Any", connection).set_schema_to_public()


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Have what ``name`` says of the active tenant to oneself; waits while another has it.

    It ends with the connection, so that a killed process keeps nobody waiting.
    """
    key = [f"{name}:{active_tenant()}"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", key)
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", key)
