"""Append a batch to the log: one COPY, one transaction, duplicates recognised.

The batch is copied straight in; only when the server reports a duplicate are the ids looked up, the
known ones set aside and the rest copied again. So the common case pays nothing for recognition, and
two clients racing with the same event both get a true answer.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import connection, transaction
from psycopg import sql

from eventlog import rows
from eventlog.contracts import Appended, NewEvent
from eventlog.tenancy import active_tenant

CHANNEL = "eventlog"
_NOTIFY_EVERY_SECONDS = 0.1
_ATTEMPTS = 8
_BLOCK = 100

_COPY = f"COPY {{schema}}.event ({rows.COLUMNS}) FROM STDIN (FORMAT binary)"
_EXISTING = """
SELECT candidate.occurred_at, candidate.id
FROM unnest(%s::timestamptz[], %s::uuid[]) AS candidate (occurred_at, id),
     LATERAL (SELECT FROM event
              WHERE event.occurred_at = candidate.occurred_at AND event.id = candidate.id
                AND event.occurred_at BETWEEN %s AND %s
              LIMIT 1) AS known
"""

_last_notified: dict[str, float] = {}


def append(events: Sequence[NewEvent], *, recorded_at: datetime) -> Appended:
    """Append ``events`` to the active tenant's log and answer per event.

    All or nothing: when it returns, every event of the batch is in the log and will stay there.
    Raises ``NoTenant`` outside a tenant, and the driver's error when the database is not there.
    """
    active_tenant()
    if not events:
        return Appended(accepted=0, duplicate=())
    duplicate = _repeats(events)
    for _ in range(_ATTEMPTS):
        fresh = [event for event, known in zip(events, duplicate, strict=True) if not known]
        if not fresh:
            break
        try:
            _write(fresh, recorded_at)
            break
        except psycopg.errors.UniqueViolation:
            known = existing([(event.occurred_at, event.id) for event in fresh])
            for index, event in enumerate(events):
                duplicate[index] = duplicate[index] or (event.occurred_at, event.id) in known
    else:
        raise psycopg.errors.SerializationFailure("too many racing appends of the same events")
    return Appended(accepted=len(events) - sum(duplicate), duplicate=tuple(duplicate))


def _repeats(events: Sequence[NewEvent]) -> list[bool]:
    if len({event.id for event in events}) == len(events):
        return [False] * len(events)
    seen: set[tuple[datetime, UUID]] = set()
    repeats = []
    for event in events:
        key = (event.occurred_at, event.id)
        repeats.append(key in seen)
        seen.add(key)
    return repeats


def _write(events: Sequence[NewEvent], recorded_at: datetime) -> None:
    """Copy ``events`` and wake the readers, in the transaction there is or in one of its own.

    By itself a COPY is one transaction already; every statement around it would be one more answer
    to wait for, and a batch waits for the server longer than for anything else.
    """
    schema = active_tenant()
    if connection.in_atomic_block:
        with transaction.atomic():  # so that what surrounds it survives a duplicate
            _copy(schema, events, recorded_at)
    else:
        connection.ensure_connection()
        _copy(schema, events, recorded_at)
    _notify(schema)


def _copy(schema: str, events: Sequence[NewEvent], recorded_at: datetime) -> None:
    """One COPY, sent block by block: the server stores a block while the next one is written."""
    statement = sql.SQL(_COPY).format(schema=sql.Identifier(schema))
    with connection.connection.cursor() as cursor, cursor.copy(statement) as copy:
        copy.write(rows.HEADER)
        for start in range(0, len(events), _BLOCK):
            copy.write(rows.rows(events[start : start + _BLOCK], recorded_at))
        copy.write(rows.TRAILER)


def existing(keys: Sequence[tuple[datetime, UUID]]) -> set[tuple[datetime, UUID]]:
    """Those of ``keys`` (occurred_at, id) the active tenant's log holds."""
    if not keys:
        return set()
    times, ids = [list(column) for column in zip(*keys, strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_EXISTING, [times, ids, min(times), max(times)])
        return set(cursor.fetchall())


def _notify(schema: str) -> None:
    """Wake the readers, at most ten times a second: a NOTIFY serialises commits on the server.

    Readers look again shortly after they were woken, so the last append of a burst is not missed;
    and they look every while without being woken, so a NOTIFY that fails costs them no event.
    """
    moment = time.monotonic()
    if moment - _last_notified.get(schema, 0.0) < _NOTIFY_EVERY_SECONDS:
        return
    _last_notified[schema] = moment
    with suppress(psycopg.OperationalError), connection.connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, schema])
