"""Whether a tenant's own events still come, by the rhythm they came in so far."""

import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import NamedTuple

import redis.exceptions
from django.core.cache import cache
from django.db import DatabaseError, InterfaceError, connection

from eventlog.tenancy import active_schema
from health import absence
from health.contracts import STREAM, Limits, Reading
from health.registry import Probe, Scope
from ingest.wire import SOURCES
from kernel import clock

# What collectors take is a stream; acts on pages, files and our own incidents are none.
_SENT = f"source IN ({', '.join(repr(each) for each in SOURCES)})"
# By the index of the log's order; a page of other events hides the last one at most for a while.
_LAST = f"""
SELECT max(recorded_at) FROM (
    SELECT recorded_at, source FROM event ORDER BY event.xid DESC, event.position DESC LIMIT 500
) AS newest WHERE {_SENT}
"""  # noqa: S608  # constants of this module
_COUNTS = f"""
WITH place AS (
    SELECT xid::text::bigint AS xid, position FROM event
    ORDER BY event.xid DESC, event.position DESC LIMIT 1
), counted AS (
    SELECT date_trunc('hour', recorded_at, 'UTC') AS hour, count(*) AS count,
           min(recorded_at) AS first, max(recorded_at) AS last
    FROM event WHERE {{which}} AND {_SENT}
    GROUP BY 1
)
SELECT place.xid, place.position, counted.* FROM place LEFT JOIN counted ON true
"""  # noqa: S608  # constants of this module
# What is new since the last count, by the index of the log's order. An event that was about to be
# committed then may be missed: a rhythm is not the worse for it.
_FRESH = "(xid, position) > (%s::text::xid8, %s)"
_ALL = "occurred_at > %s AND recorded_at > %s"
_LATE = timedelta(days=2)
_EVERY_SECONDS = 900.0
_SHARED_SECONDS = 86_400
_SHARED = "stream-rhythm"
_AWAY = (redis.exceptions.RedisError, OSError)


class Counted(NamedTuple):
    """What was counted up to a place in the log; kept by the process and shared in the cache."""

    place: tuple[int, int]
    counts: dict[datetime, int]
    first: datetime | None
    last: datetime | None


_known: dict[str, tuple[float, Counted | None]] = {}


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
    counted, kept = _known.get(schema, (-_EVERY_SECONDS, None))
    last = _newest()
    if moment - counted >= _EVERY_SECONDS:
        kept = _counted(kept or _shared(), now)
        _known[schema] = moment, kept
        _share(kept)
    if kept is None or kept.first is None or kept.last is None:
        return None
    return absence.Rhythm(
        counts=kept.counts, first=kept.first, last=max(kept.last, last) if last else kept.last
    )


def _shared() -> Counted | None:
    """What another process has counted; cache keys carry the active schema."""
    try:
        found = cache.get(_SHARED)
    except _AWAY:
        return None
    return Counted(*found) if found else None


def _share(counted: Counted | None) -> None:
    if counted is not None:
        with suppress(*_AWAY):
            cache.set(_SHARED, tuple(counted), timeout=_SHARED_SECONDS)


def _newest() -> datetime | None:
    with connection.cursor() as cursor:
        cursor.execute(_LAST)
        row = cursor.fetchone()
    found: datetime | None = row[0] if row else None
    return found


def _counted(before: Counted | None, now: datetime) -> Counted | None:
    """``before`` and what came since; all of the last weeks where nothing is known yet."""
    since = now - absence.REMEMBERED - absence.FORGOTTEN
    which, values = (_ALL, [since - _LATE, since]) if before is None else (_FRESH, before.place)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS.format(which=which), list(values))
        rows = cursor.fetchall()
    if not rows:
        return before
    counts = dict(before.counts) if before else {}
    firsts = [before.first] if before and before.first else []
    lasts = [before.last] if before and before.last else []
    for _, _, hour, count, first, last in rows:
        if hour is not None:
            counts[hour] = counts.get(hour, 0) + count
            firsts.append(first)
            lasts.append(last)
    kept = {hour: count for hour, count in counts.items() if hour >= since - absence.HOUR}
    first = max(min(firsts), since) if firsts else None
    return Counted((rows[0][0], rows[0][1]), kept, first, max(lasts, default=None))


PROBES = (
    Probe(
        name=STREAM,
        label="Stream of events",
        scope=Scope.TENANT,
        read=read,
        limits=Limits(idle_seconds=0.0),
        advice="Nothing of yours arrives, though it usually does by now. Was the site or the tag"
        " changed, a key revoked, a job stopped? Rejected events are on their own page; the keys"
        " page says when each key was used last.",
    ),
)
