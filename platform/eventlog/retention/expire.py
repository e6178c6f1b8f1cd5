"""Let events expire, and what the log itself says of it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from eventlog import canonical, catalogue
from eventlog.append import append
from eventlog.said import said
from eventlog.seal import sealer
from eventlog.seal.contracts import EventsExpired
from eventlog.tenancy import active_tenant

SOURCE = "retention"
_NAME = "log.expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """An expiry: ``events`` older than ``before`` went, as the log's ``event_id`` says."""

    before: datetime
    events: int
    event_id: UUID


def expire(*, before: datetime, now: datetime) -> Expiry | None:
    """Drop the active tenant's events about people that are older than ``before``.

    Up to the end of a chunk (or day) at most; what stays and what goes is the catalogue's word. The
    log is sealed first, and gets an event that says what went. ``None`` when nothing is so old, or
    something so old can't be sealed yet because a transaction holds the log's horizon back.
    """
    active_tenant()
    sealer.catch_up(now=now)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT expiry_before(%s)", [before])
        (until,) = cursor.fetchone()
        if until is None or _unsealed(cursor, until):
            return None
        cursor.execute("SELECT expire_events(%s, %s)", [until, list(catalogue.expiring())])
        (gone,) = cursor.fetchone()
        if not gone:
            return None
        event_id = _noted(until, gone, now)
        cursor.execute(
            "INSERT INTO log_expiry (before, events, event_id, noted_at) VALUES (%s, %s, %s, %s)",
            [until, gone, event_id, now],
        )
    return Expiry(before=until, events=gone, event_id=event_id)


def _unsealed(cursor: CursorWrapper, until: datetime) -> bool:
    cursor.execute(
        "SELECT EXISTS (SELECT 1 FROM event, log_head WHERE occurred_at < %s"
        " AND (event.xid, event.position) > (log_head.xid::text::xid8, log_head.position))",
        [until],
    )
    return bool(cursor.fetchone()[0])


def expiries() -> list[Expiry]:
    """What is on record, the earliest first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT before, events, event_id FROM log_expiry ORDER BY noted_at, before")
        return [
            Expiry(before=before, events=events, event_id=event_id)
            for before, events, event_id in cursor.fetchall()
        ]


def _noted(before: datetime, events: int, now: datetime) -> UUID:
    body = EventsExpired(before=canonical.timestamp(before), events=events)
    event = said(_NAME, body, source=SOURCE, now=now)
    append([event], recorded_at=now)
    return event.id
