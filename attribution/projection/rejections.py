"""Touches are rejected or restored: they leave or join their journeys, and credit follows.

Each decision is applied by itself in its place of the log, so what it changed is its own doing
alone: the journeys before and after, and every number of the store of credit that moved.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection

from attribution.events import SourceRejected, SourceRestored, TouchRejected, TouchRestored
from attribution.models import Decision
from attribution.projection import journeys, membership, rejected, rework, tables
from attribution.projection.journeys import Difference
from attribution.projection.standing import Standing, standing
from attribution.projection.sums import rows
from attribution.store import tally
from attribution.store.record import Record
from attribution.store.words import device_and_profile, segment_of
from eventlog import catalogue
from eventlog.contracts import StoredEvent

_COLUMNS = (
    "SELECT touch.position, touch.event_id, touch.person, name.label, touch.occurred_at,"
    " touch.rejected, touch.segment, touch.kind, touch.channel, touch.campaign, touch.source"
    " FROM attribution_touchpoint AS touch JOIN attribution_name AS name ON name.id = touch.source"
)
_NAMED = _COLUMNS + " WHERE touch.event_id = ANY(%s)"
_OF_SOURCE = (
    _COLUMNS + " WHERE name.dimension = 2 AND name.label = %s"
    " AND touch.occurred_at >= %s AND touch.occurred_at < %s"
)
_SAY = """
INSERT INTO attribution_verdict (event_id, rejected) SELECT unnest(%s::uuid[]), %s
ON CONFLICT (event_id) DO UPDATE SET rejected = excluded.rejected
"""
_FLAG = """
UPDATE attribution_touchpoint AS touch SET rejected = given.rejected
FROM unnest(%s::bigint[], %s::boolean[]) AS given (position, rejected)
WHERE touch.position = given.position
"""
_FIRST, _LAST = date(1900, 1, 1), date(9000, 1, 1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Body = TouchRejected | TouchRestored | SourceRejected | SourceRestored


class Touch(NamedTuple):
    """A touch that a decision may be about."""

    position: int
    event_id: UUID
    person: str
    label: str
    at: datetime
    rejected: bool
    segment: int
    kind: int
    channel: int
    campaign: int
    source: int

    @property
    def day(self) -> date:
        """The day (UTC) it happened."""
        return self.at.astimezone(UTC).date()


def decide(event: StoredEvent) -> None:
    """Apply a decision and keep what it changed."""
    body: Body = catalogue.decode(event)
    decision = _noted(event, body)
    about = _about(decision, body)
    rework.before_deciding({touch.person for touch in about})
    changed = _flagged(_about(decision, body))
    rules = standing()
    _count(changed)
    difference = journeys.renew({touch.person for touch in changed}, rules)
    decision.touches = len(changed)
    decision.journeys = _keep_journeys(decision, difference)
    decision.save(update_fields=["touches", "journeys"])
    _keep_moves(decision, difference, rules)


def _noted(event: StoredEvent, body: Body) -> Decision:
    """The decision as a row; verdicts and spans hold from here on."""
    rejects = isinstance(body, TouchRejected | SourceRejected)
    decision = Decision(
        position=event.position, xid=event.xid, event_id=event.id, occurred_at=event.occurred_at,
        rejects=rejects, reason=body.reason, decided_by=body.decided_by,
    )  # fmt: skip
    if isinstance(body, TouchRejected | TouchRestored):
        decision.named = len(_ids(body))
        with connection.cursor() as cursor:
            cursor.execute(_SAY, [_ids(body), rejects])
    elif isinstance(body, SourceRejected):
        decision.source, decision.start, decision.end = body.source, body.start, body.end
        decision.standing = True
    else:
        named = _uuid(body.rejection)
        standing_ = Decision.objects.filter(standing=True)
        earlier = standing_.filter(event_id=named).first() if named else None
        if earlier is not None:
            earlier.standing = False
            earlier.save(update_fields=["standing"])
            decision.source, decision.start, decision.end = (
                earlier.source, earlier.start, earlier.end,
            )  # fmt: skip
    decision.save(force_insert=True)
    return decision


def _ids(body: TouchRejected | TouchRestored) -> list[UUID]:
    return sorted({found for text in body.touches if (found := _uuid(text)) is not None})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _about(decision: Decision, body: Body) -> list[Touch]:
    if isinstance(body, TouchRejected | TouchRestored):
        return [Touch(*row) for row in rows(_NAMED, [_ids(body)])]
    if decision.source is None:
        return []
    days = (decision.start or _FIRST, (decision.end or _LAST) + timedelta(days=1))
    limits = [datetime.combine(day, time(), tzinfo=UTC) for day in days]
    return [Touch(*row) for row in rows(_OF_SOURCE, [decision.source, *limits])]


def _flagged(touches: Sequence[Touch]) -> list[Touch]:
    """Let what was said hold for ``touches``; returns those it changed, as they are now."""
    said, spans = rejected.verdicts(touch.event_id for touch in touches), rejected.spans()
    changed = []
    for touch in touches:
        by_source = any(each.holds(touch.label, touch.day) for each in spans)
        now = said.get(touch.event_id, by_source)
        if now != touch.rejected:
            changed.append(touch._replace(rejected=now))
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(
                _FLAG, [[each.position for each in changed], [each.rejected for each in changed]]
            )
    return changed


def _count(changed: Sequence[Touch]) -> None:
    """Take rejected touches from the store of touches, and bring restored ones back."""
    count(changed, [-1 if touch.rejected else 1 for touch in changed])


def count(touches: Sequence[Touch], signs: Sequence[int]) -> None:
    """Add ``touches`` to the store of touches by their signs."""
    sums: dict[tuple[int, date, int, int], list[int]] = defaultdict(lambda: [0, 0, 0])
    profiles = membership.profiles_of({touch.person for touch in touches})
    for touch, sign in zip(touches, signs, strict=True):
        segment = segment_of(touch.segment, profiles.get(touch.person, 0))
        for dimension, key in enumerate((touch.channel, touch.campaign, touch.source)):
            entry = sums[(dimension, touch.day, segment, key)]
            entry[0] += sign
            if touch.kind in (1, 2):
                entry[touch.kind] += sign
    tables.add(tables.TOUCH, {key: each for key, each in sums.items() if any(each)})


def _keep_journeys(decision: Decision, difference: Difference) -> int:
    """Store each changed journey's channels before and after; how many there are."""
    pairs: dict[int, list[Record | None]] = {}
    for record, sign in difference:
        pairs.setdefault(record.id, [None, None])[sign > 0] = record
    lines = []
    for key, (before, after) in sorted(pairs.items()):
        known = after or before
        assert known is not None  # noqa: S101  # one of the two was put there
        lines.append(
            (
                decision.position, key, known.person, known.conversion_type, known.value,
                _EPOCH + timedelta(microseconds=known.ended),
                tables.literal(before.channels if before else ()),
                tables.literal(after.channels if after else ()),
            )
        )  # fmt: skip
    columns = (
        "decision", "journey", "person", "conversion_type", "value", "ended_at", "before", "after",
    )  # fmt: skip
    tables.copy("attribution_moved_journey", columns, lines)
    return len(lines)


def _keep_moves(decision: Decision, difference: Difference, rules: Standing) -> None:
    """An audit row for each number of the store of credit that changed, by device alone.

    Which profile somebody is of is no fact of the log: the worker finds it, another one later, and
    a rebuild would write down the later one.
    """
    before, after = (
        tally.credit(
            [
                (record._replace(segment=device_and_profile(record.segment)[0]), 1)
                for record, sign in difference
                if sign == side
            ],
            rules.direct,
        )
        for side in (-1, 1)
    )
    nothing = (0, 0, 0)
    lines: list[tuple[Any, ...]] = []
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key, nothing), after.get(key, nothing)
        if old[:2] != new[:2]:
            lines.append((decision.position, *key, old[0], new[0], old[1], new[1]))
    columns = (
        "decision", "dimension", "model", "day", "conversion_type", "segment", "key",
        "before", "after", "value_before", "value_after",
    )  # fmt: skip
    tables.copy("attribution_credit_move", columns, lines)
