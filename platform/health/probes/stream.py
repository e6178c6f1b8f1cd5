"""Whether a tenant's own events still come, by the rhythm they came in so far."""

import time
from dataclasses import replace
from datetime import datetime, timedelta

from django.db import DatabaseError, InterfaceError, connection

from eventlog.tenancy import active_schema
from health import absence
from health.contracts import Limits, Reading
from health.registry import Probe, Scope
from ingest.collect import SOURCES
from kernel import clock

# What collectors take is a stream; acts on pages, files and our own incidents are none.
_SENT = f"source IN ({', '.join(repr(each) for each in SOURCES)})"
# By the index of the log's order; a page of other events hides the last one at most for a while.
_LAST = f"""
SELECT max(recorded_at) FROM (
    SELECT recorded_at, source FROM event ORDER BY xid DESC, position DESC LIMIT 500
) AS newest WHERE {_SENT}
"""  # noqa: S608  # constants of this module
_COUNTS = f"""
SELECT date_trunc('hour', recorded_at, 'UTC'), count(*), min(recorded_at), max(recorded_at)
FROM event WHERE occurred_at > %s AND recorded_at > %s AND {_SENT}
GROUP BY 1
"""  # noqa: S608  # constants of this module
_LATE = timedelta(days=2)
_KEPT_SECONDS = 900.0
_known: dict[str, tuple[float, absence.Rhythm | None]] = {}


def read() -> Reading:
    """How long nothing came, where that is unusual for the active tenant."""
    now = clock.now()
    try:
        rhythm = _rhythm(now)
    except (DatabaseError, InterfaceError):
        return Reading(unseen=True, detail="Can't be seen while the database is away.")
    if rhythm is None:
        return Reading()
    found = absence.judge(rhythm, now=now)
    if not found.stopped:
        return Reading()
    return Reading(idle_seconds=found.silence.total_seconds(), detail=_words(found, rhythm.last))


def _words(found: absence.Absence, last: datetime) -> str:
    came = f"The last event came {last:%Y-%m-%d %H:%M} UTC."
    if found.missed < absence.MISSED:
        hours = found.longest / absence.HOUR
        return f"{came} Until now no silence was longer than {hours:,.0f} hours."
    return f"{came} At this time of the week {found.missed:,.0f} or more should have come since."


def _rhythm(now: datetime) -> absence.Rhythm | None:
    """The tenant's rhythm: counted every quarter of an hour, with the last event as it is now."""
    schema, moment = active_schema(), time.monotonic()
    counted, kept = _known.get(schema, (-_KEPT_SECONDS, None))
    last = _newest()
    if moment - counted >= _KEPT_SECONDS:
        kept = _counted(now)
        _known[schema] = moment, kept
    return _with(kept, last)


def _with(rhythm: absence.Rhythm | None, last: datetime | None) -> absence.Rhythm | None:
    if rhythm is None or last is None or last <= rhythm.last:
        return rhythm
    return replace(rhythm, last=last)


def _newest() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    found: datetime | None = row[0] if row else None
    return found


def _counted(now: datetime) -> absence.Rhythm | None:
    since = now - absence.REMEMBERED - absence.FORGOTTEN
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [since - _LATE, since])
        rows = cursor.fetchall()
    if not rows:
        return None
    return absence.Rhythm(
        counts={hour: count for hour, count, _, _ in rows},
        first=min(first for _, _, first, _ in rows),
        last=max(last for _, _, _, last in rows),
    )


PROBES = (
    Probe(
        name="stream",
        label="Stream of events",
        scope=Scope.TENANT,
        read=read,
        limits=Limits(idle_seconds=0.0),
        advice="Nothing of yours arrives, though it usually does by now. Was the site or the tag"
        " changed, a key revoked, a job stopped? Rejected events are on their own page; the keys"
        " page says when each key was used last.",
    ),
)
