"""Read the log in order, without holes.

Identity values and transactions can commit out of order, so a reader that remembers a position
alone may step over an event that commits late. Log order is therefore (xid, position), and a reader
stops below the oldest transaction still running: every transaction below that horizon has ended, so
nothing can appear behind a cursor.

In ORDER BY the names of the table's columns are written in full: a bare ``xid`` would be the output
column, a number made of it, which no index is of, and every page would sort the rest of the log.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from eventlog.contracts import START, Cursor, StoredEvent

_SELECT = """
SELECT xid::text::bigint, position, id, type, version, subject, occurred_at, recorded_at, source,
       payload::text
FROM event
"""

_TAIL = f"""{_SELECT}
WHERE (xid, position) > (%s::text::xid8, %s)
  AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY event.xid, event.position
LIMIT %s
"""

_LATEST = f"""{_SELECT}
ORDER BY event.xid DESC, event.position DESC
LIMIT %s
"""

_ONE = f"{_SELECT} WHERE id = %s AND occurred_at = %s"

# The bounds let the server leave out what was kept at other times before it looks for any key.
_KEYED = f"""{_SELECT}
JOIN unnest(%s::uuid[], %s::timestamptz[]) AS wanted (key_id, key_time)
  ON id = key_id AND occurred_at = key_time
WHERE occurred_at BETWEEN %s AND %s
"""

# The log itself is kept by time; what an id alone names, the leaves of the sealed log know.
_NAMED = """
SELECT event.xid::text::bigint, event.position, event.id, event.type, event.version, event.subject,
       event.occurred_at, event.recorded_at, event.source, event.payload::text
FROM (SELECT DISTINCT ON (id) id, occurred_at FROM log_leaf
      WHERE id = ANY (%s) ORDER BY id, leaf_index DESC) AS leaf,
     LATERAL (SELECT * FROM event
              WHERE event.occurred_at = leaf.occurred_at AND event.id = leaf.id LIMIT 1) AS event
"""


# Whatever was appended at once has one transaction's number.
_ALONGSIDE = """
SELECT event.id FROM event JOIN (
    SELECT DISTINCT xid FROM event
    WHERE type = ANY (%s) AND occurred_at >= %s AND occurred_at < %s AND payload->>%s = %s
) AS told ON event.xid = told.xid
WHERE event.type = %s ORDER BY event.xid, event.position
"""


def tail(*, after: Cursor = START, limit: int) -> list[StoredEvent]:
    """The next events after ``after`` in log order, at most ``limit``, never past the horizon."""
    with connection.cursor() as cursor:
        cursor.execute(_TAIL, [str(after.xid), after.position, limit])
        return [StoredEvent(*row) for row in cursor.fetchall()]


def latest(*, limit: int) -> list[StoredEvent]:
    """The newest events of the log, newest first, committed ones above the horizon included."""
    with connection.cursor() as cursor:
        cursor.execute(_LATEST, [limit])
        return [StoredEvent(*row) for row in cursor.fetchall()]


def one(*, id: UUID, occurred_at: datetime) -> StoredEvent | None:
    """The event with this key, or ``None``."""
    with connection.cursor() as cursor:
        cursor.execute(_ONE, [id, occurred_at])
        row = cursor.fetchone()
    return StoredEvent(*row) if row else None


def keyed(keys: Mapping[UUID, datetime]) -> dict[UUID, StoredEvent]:
    """Of these ids with the time each happened, the events that are there."""
    if not keys:
        return {}
    times = list(keys.values())
    with connection.cursor() as cursor:
        cursor.execute(_KEYED, [list(keys), times, min(times), max(times)])
        return {row[2]: StoredEvent(*row) for row in cursor.fetchall()}


def named(ids: Collection[UUID]) -> dict[UUID, StoredEvent]:
    """Of these ids, the newest sealed event of each; what is not sealed yet is not found."""
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [list(ids)])
        return {row[2]: StoredEvent(*row) for row in cursor.fetchall()}


def alongside(
    kind: str, *, types: Sequence[str], start: datetime, end: datetime, having: tuple[str, str]
) -> list[UUID]:
    """Ids of the events of type ``kind`` appended in one batch with some of other ``types``.

    With those of the times ``start`` <= t < ``end`` whose payload's field has the text ``having``.
    """
    with connection.cursor() as cursor:
        cursor.execute(_ALONGSIDE, [list(types), start, end, *having, kind])
        return [row[0] for row in cursor.fetchall()]


def head() -> Cursor:
    """The place of the newest event below the horizon (``START`` in an empty log)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT xid::text::bigint, position FROM event"
            " WHERE xid < pg_snapshot_xmin(pg_current_snapshot())"
            " ORDER BY event.xid DESC, event.position DESC LIMIT 1"
        )
        row = cursor.fetchone()
    return Cursor(*row) if row else START


def count() -> int:
    """About how many events the log holds: the newest position (positions may have gaps)."""
    newest = latest(limit=1)
    return newest[0].position if newest else 0
