"""Acts of people in the log: events with the source "portal", found by an index of their own."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from eventlog.contracts import Cursor, StoredEvent

SOURCE = "portal"
CREATE_INDEX = f"CREATE INDEX event_acts ON event (xid, position) WHERE source = '{SOURCE}'"
DROP_INDEX = "DROP INDEX event_acts"

# The source stands in the statement: only so does the server see that the index will do.
_SEARCH = f"""
SELECT xid::text::bigint, position, id, type, version, subject, occurred_at, recorded_at, source,
       payload::text
FROM event
WHERE source = '{SOURCE}'
  AND (%(before)s::boolean IS NOT TRUE
       OR (xid, position) < (%(xid)s::text::xid8, %(position)s::bigint))
  AND (%(type)s = '' OR type = %(type)s)
  AND (%(since)s::date IS NULL OR occurred_at >= %(since)s::date)
  AND (%(until)s::date IS NULL OR occurred_at < %(until)s::date)
  AND (%(words)s = '' OR payload::text ILIKE %(like)s OR type ILIKE %(like)s
       OR subject = ANY(%(subjects)s) OR payload->>'member' = ANY(%(subjects)s))
ORDER BY event.xid DESC, event.position DESC
LIMIT %(limit)s
"""  # noqa: S608  # the source is a constant of ours


def search(
    *,
    type: str = "",
    since: date | None = None,
    until: date | None = None,
    words: str = "",
    subjects: Sequence[str] = (),
    before: Cursor | None = None,
    limit: int,
) -> list[StoredEvent]:
    """Acts, the newest first.

    Of a type, in days ``since`` <= day < ``until`` (UTC), before the place ``before``, with
    ``words`` in them or about one of ``subjects``.
    """
    escaped = words.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    with connection.cursor() as cursor:
        cursor.execute(
            _SEARCH,
            {
                "type": type, "since": since, "until": until, "words": words,
                "like": f"%{escaped}%", "subjects": list(subjects), "before": before is not None,
                "xid": str(before.xid if before else 0),
                "position": before.position if before else 0, "limit": limit,
            },
        )  # fmt: skip
        return [StoredEvent(*row) for row in cursor.fetchall()]


def types() -> list[str]:
    """The types of acts in the log, by name."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT type FROM event WHERE source = '{SOURCE}' ORDER BY type"  # noqa: S608
        )
        return [name for (name,) in cursor.fetchall()]
