"""From decisions to cases: a projection of its own."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from fraud.contracts import Scored
from fraud.models import Case

NAME = "fraud-cases"
"""The projection's name."""
_FORGETTING = frozenset({"subject.erased", "log.expired"})


def handle(events: Sequence[StoredEvent]) -> None:
    """Keep a batch's decisions, in the order of the log; one told again replaces the earlier.

    Cases of whom was erased go, and those older than what a tenant keeps.
    """
    fresh: dict[str, Case] = {}
    for stored in events:
        if stored.type == "fraud.scored":
            row = _row(stored)
            fresh[str(row.event)] = row
        elif stored.type in _FORGETTING:
            _keep(fresh)
            fresh = {}
            _forget(stored)
    _keep(fresh)


def _keep(rows: Mapping[str, Case]) -> None:
    if rows:
        fields = [field.name for field in Case._meta.fields if field.name != "event"]
        Case.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["event"], update_fields=fields
        )


def _forget(stored: StoredEvent) -> None:
    body = decode(stored)
    if stored.type == "subject.erased":
        Case.objects.filter(subject__in=body.subjects).delete()
    else:
        Case.objects.filter(at__lt=datetime.fromisoformat(body.before)).delete()


def reset() -> None:
    """Forget all cases."""
    active_tenant()
    Case.objects.all().delete()


def _row(stored: StoredEvent) -> Case:
    body: Scored = decode(stored)
    return Case(
        event=body.event, at=stored.occurred_at, decided_at=stored.recorded_at, type=body.type,
        subject=stored.subject, score=body.score, verdict=str(body.verdict),
        kind=str(body.kind) if body.kind else "", record=msgspec.to_builtins(body),
        uncertainty=uncertainty(body.score), value=at_risk(body.features),
    )  # fmt: skip


def uncertainty(score: int) -> float:
    """How little a score decides: 1 at 50, 0 at 0 and 100."""
    return 1.0 - abs(2.0 * score / 100.0 - 1.0)


def at_risk(features: Mapping[str, float]) -> float:
    """What would be paid or booked for the event, in the tenant's currency."""
    return max(features.get("value", 0.0), features.get("cost", 0.0), 0.0)
