"""From decisions to cases, and how many events there were to decide on: a projection of its own."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from uuid import UUID

import msgspec
from django.db import connection

from eventlog import read
from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from fraud.contracts import Scored
from fraud.features import TYPES
from fraud.models import Case, SeenDay
from fraud.scoring.arriving import AS_THEY_COME
from kernel.money import currency_word

NAME = "fraud-cases"
"""The projection's name."""
SHAPE = 2
"""Goes up when the rows change that come of the same events."""
_FORGETTING = frozenset({"subject.erased", "log.expired"})
_SCORED_TYPES, _SCORED_SOURCES = frozenset(TYPES), frozenset(AS_THEY_COME)
_COUNT = """
INSERT INTO fraud_seen_day (day, events) VALUES (%s, %s)
ON CONFLICT (day) DO UPDATE SET events = fraud_seen_day.events + excluded.events
"""


def handle(events: Sequence[StoredEvent]) -> None:
    """Keep a batch's decisions, in the order of the log; one told again replaces the earlier.

    Cases of whom was erased go, and those older than what a tenant keeps.
    """
    fresh: dict[UUID, tuple[StoredEvent, Scored]] = {}
    seen: Counter[date] = Counter()
    for stored in events:
        if stored.type in _SCORED_TYPES:
            if stored.source in _SCORED_SOURCES:
                seen[stored.occurred_at.astimezone(UTC).date()] += 1
        elif stored.type == "fraud.scored":
            body: Scored = decode(stored)
            fresh[UUID(body.event)] = stored, body
        elif stored.type in _FORGETTING:
            _keep(fresh, seen)
            fresh, seen = {}, Counter()
            _forget(stored)
    _keep(fresh, seen)


def _keep(fresh: Mapping[UUID, tuple[StoredEvent, Scored]], seen: Mapping[date, int]) -> None:
    if seen:
        with connection.cursor() as cursor:
            cursor.executemany(_COUNT, sorted(seen.items()))
    if fresh:
        currencies = _currencies(fresh)
        rows = [
            _row(stored, body, currencies.get(event, "")) for event, (stored, body) in fresh.items()
        ]
        fields = [field.name for field in Case._meta.fields if field.name != "event"]
        Case.objects.bulk_create(
            rows, update_conflicts=True, unique_fields=["event"], update_fields=fields
        )


def _currencies(fresh: Mapping[UUID, tuple[StoredEvent, Scored]]) -> dict[UUID, str]:
    """What the events say their amounts are in: the decision keeps the amount alone.

    A decision has the time of its event.
    """
    priced = {
        event: stored.occurred_at
        for event, (stored, body) in fresh.items()
        if at_risk(body.features) > 0
    }
    return {
        event: currency_word(msgspec.json.decode(stored.payload).get("currency"))
        for event, stored in read.keyed(priced).items()
    }


def _forget(stored: StoredEvent) -> None:
    body = decode(stored)
    if stored.type == "subject.erased":
        Case.objects.filter(subject__in=body.subjects).delete()
    else:
        before = datetime.fromisoformat(body.before)
        Case.objects.filter(at__lt=before).delete()
        SeenDay.objects.filter(day__lt=before.astimezone(UTC).date()).delete()


def reset() -> None:
    """Forget all cases and counts."""
    active_tenant()
    Case.objects.all().delete()
    SeenDay.objects.all().delete()


def _row(stored: StoredEvent, body: Scored, currency: str) -> Case:
    return Case(
        event=UUID(body.event), at=stored.occurred_at, decided_at=stored.recorded_at,
        type=body.type, subject=stored.subject, score=body.score, verdict=str(body.verdict),
        kind=str(body.kind) if body.kind else "", record=msgspec.to_builtins(body),
        uncertainty=uncertainty(body.score), value=at_risk(body.features), currency=currency,
        publisher=int(body.entities.get("publisher", 0)),
        campaign=int(body.entities.get("campaign", 0)),
    )  # fmt: skip


def uncertainty(score: int) -> float:
    """How little a score decides: 1 at 50, 0 at 0 and 100."""
    return 1.0 - abs(2.0 * score / 100.0 - 1.0)


def at_risk(features: Mapping[str, float]) -> float:
    """What would be paid or booked for the event, in the currency it says."""
    return max(features.get("value", 0.0), features.get("cost", 0.0), 0.0)
