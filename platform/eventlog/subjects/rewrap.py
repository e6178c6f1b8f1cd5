"""Move subjects' keys under the active tenant's newest key, some thousand at a time."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from eventlog.keys import wrap as wrapping
from eventlog.keys.store import tenant_keys
from eventlog.subjects.keys import context
from eventlog.tenancy import active_tenant

AT_ONCE = 2_000

# Bytes 2 to 9 of a wrapped key say which key wrapped it.
_OLD = "wrapped IS NOT NULL AND substring(wrapped FROM 2 FOR 8) <> %(newest)s"
_COUNT = f"SELECT count(*) FROM subject_key WHERE {_OLD}"  # noqa: S608  # constants
_NEXT = (
    f"SELECT subject, wrapped FROM subject_key WHERE subject > %(after)s AND {_OLD}"  # noqa: S608  # constants
    " ORDER BY subject LIMIT %(limit)s FOR UPDATE"
)
# Whoever was erased meanwhile has no key any more, and gets none.
_PUT = """
UPDATE subject_key AS stored SET wrapped = given.wrapped
FROM unnest(%s::text[], %s::bytea[]) AS given (subject, wrapped)
WHERE stored.subject = given.subject AND stored.wrapped IS NOT NULL
"""


def left(*, now: datetime) -> int:
    """How many subjects' keys are wrapped under an earlier key of the active tenant."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, {"newest": _newest(now)})
        return int(cursor.fetchone()[0])


def rewrap(*, now: datetime) -> Iterator[int]:
    """Wrap them under the newest key; yields how many after each step, which stands by itself.

    Stopped in between it goes on where it was: what is done is not looked at again.
    """
    after, done = "", AT_ONCE
    while done == AT_ONCE:
        with transaction.atomic():
            done, after = _step(after, now)
        if done:
            yield done


def _step(after: str, now: datetime) -> tuple[int, str]:
    schema, keys = active_tenant(), tenant_keys(now=now)
    asked: dict[str, Any] = {
        "after": after,
        "newest": wrapping.fingerprint(keys[0]),
        "limit": AT_ONCE,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, asked)
        rows = cursor.fetchall()
        if not rows:
            return 0, after
        subjects = [subject for subject, _ in rows]
        fresh = []
        for subject, wrapped in rows:
            purpose = context(schema, subject)
            key = wrapping.unwrap(bytes(wrapped), under=keys, context=purpose)
            fresh.append(wrapping.wrap(key, under=keys[0], context=purpose))
        cursor.execute(_PUT, [subjects, fresh])
    return len(rows), subjects[-1]


def _newest(now: datetime) -> bytes:
    return wrapping.fingerprint(tenant_keys(now=now)[0])
