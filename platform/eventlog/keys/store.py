"""The active tenant's keys: made on first use, stored wrapped under the master key.

``wrap`` and ``unwrap`` are what others use: a secret of the tenant under the tenant's newest key.
Both read the tenant's keys, a row or two; who has many secrets at hand reads them once
(``tenant_keys``) and calls ``eventlog.keys.wrap`` by itself.
"""

from datetime import datetime

from django.db import connection, transaction

from eventlog.keys import wrap as wrapping
from eventlog.keys.master import master_keys
from eventlog.tenancy import active_tenant

_INSERT = "INSERT INTO tenant_key (version, wrapped, created_at) VALUES (%s, %s, %s)"
_NEWEST_FIRST = "SELECT version, wrapped FROM tenant_key ORDER BY version DESC"


def tenant_keys(*, now: datetime) -> tuple[bytes, ...]:
    """The active tenant's keys, the one that wraps first; the first call makes one.

    Raises ``NoTenant``, ``NoMasterKey`` and ``UnknownWrappingKey`` (another master key made them).
    """
    schema = active_tenant()
    rows = _rows()
    if not rows:
        _add(1, schema, now, " ON CONFLICT DO NOTHING")
        rows = _rows()
    masters = master_keys()
    return tuple(
        wrapping.unwrap(wrapped, under=masters, context=_context(schema)) for _, wrapped in rows
    )


def wrap(secret: bytes, *, context: str, now: datetime) -> bytes:
    """``secret`` wrapped under the active tenant's newest key, for ``context`` alone."""
    return wrapping.wrap(secret, under=tenant_keys(now=now)[0], context=context)


def unwrap(wrapped: bytes, *, context: str, now: datetime) -> bytes:
    """The secret that ``wrap`` was given; raises as ``eventlog.keys.wrap.unwrap``."""
    return wrapping.unwrap(wrapped, under=tenant_keys(now=now), context=context)


def rotate(*, now: datetime) -> int:
    """Give the active tenant a new key for what is wrapped from now on; returns its version."""
    schema = active_tenant()
    with transaction.atomic():
        tenant_keys(now=now)
        version = _rows()[0][0] + 1
        _add(version, schema, now)
    return version


def rewrap() -> int:
    """Wrap the active tenant's keys under the present master key; returns how many changed.

    After this an earlier master key is not needed for this tenant any more.
    """
    schema, masters = active_tenant(), master_keys()
    context, changed = _context(schema), 0
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"{_NEWEST_FIRST} FOR UPDATE")
        for version, wrapped in cursor.fetchall():
            if wrapping.wrapped_under(bytes(wrapped), masters[0]):
                continue
            key = wrapping.unwrap(bytes(wrapped), under=masters, context=context)
            fresh = wrapping.wrap(key, under=masters[0], context=context)
            cursor.execute(
                "UPDATE tenant_key SET wrapped = %s WHERE version = %s", [fresh, version]
            )
            changed += 1
    return changed


def _rows() -> list[tuple[int, bytes]]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST_FIRST)
        return [(version, bytes(wrapped)) for version, wrapped in cursor.fetchall()]


def _add(version: int, schema: str, now: datetime, otherwise: str = "") -> None:
    wrapped = wrapping.wrap(wrapping.new_key(), under=master_keys()[0], context=_context(schema))
    with connection.cursor() as cursor:
        cursor.execute(_INSERT + otherwise, [version, wrapped, now])


def _context(schema: str) -> str:
    return f"tenant key of {schema}"
