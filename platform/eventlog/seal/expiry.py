"""What a verification has to know of events that expired: how old, how many, and who says so."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec
from django.db import connection

from eventlog import canonical
from eventlog.seal.contracts import EventsExpired
from eventlog.seal.damage import Damage, Kind

_RECORDED = """
SELECT expiry.before, expiry.events, expiry.event_id, event.payload::text
FROM log_expiry AS expiry
LEFT JOIN event ON event.occurred_at = expiry.noted_at AND event.id = expiry.event_id
     AND event.type = 'log.expired'
ORDER BY expiry.noted_at, expiry.before
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is on record, in all.

    ``before`` is the newest moment as canonical text, empty without any; ``events`` went.
    ``damages`` are records that no event of the log bears out.
    """

    before: str = ""
    events: int = 0
    damages: tuple[Damage, ...] = ()


def known() -> Known:
    """What is on record; only what an event of the log says counts."""
    with connection.cursor() as cursor:
        cursor.execute(_RECORDED)
        rows = cursor.fetchall()
    said = [
        (before, events) for before, events, _, payload in rows if _says(payload, before, events)
    ]
    wrong = [event for before, events, event, payload in rows if not _says(payload, before, events)]
    return Known(
        before=canonical.timestamp(max(before for before, _ in said)) if said else "",
        events=sum(events for _, events in said),
        damages=tuple(map(_unsaid, wrong)),
    )


def compared(known: Known, seen: int) -> list[Damage]:
    """What is wrong when ``seen`` old leaves are without an event."""
    if seen == known.events:
        return []
    text = (
        f"{seen} events older than {known.before} are not there;"
        f" {known.events} of them went by policy."
    )
    return [Damage(kind=Kind.MISSING, leaf=None, event=None, what=text)]


def _says(payload: str | None, before: datetime, events: int) -> bool:
    if payload is None:
        return False
    try:
        body = msgspec.json.decode(payload, type=EventsExpired)
    except msgspec.MsgspecError:
        return False
    return (body.before, body.events) == (canonical.timestamp(before), events)


def _unsaid(event: UUID) -> Damage:
    text = "The record of what expired says what no event of the log does."
    return Damage(kind=Kind.TREE_DAMAGED, leaf=None, event=event, what=text)
