"""From decisions to cases: a projection of its own."""

from collections.abc import Sequence

import msgspec

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from fraud.contracts import Scored
from fraud.models import Case

NAME = "fraud-cases"
"""The projection's name."""


def handle(events: Sequence[StoredEvent]) -> None:
    """Keep a batch's decisions; one told again replaces the earlier."""
    rows = [_row(stored) for stored in events if stored.type == "fraud.scored"]
    if rows:
        fields = [field.name for field in Case._meta.fields if field.name != "event"]
        Case.objects.bulk_create(
            {row.event: row for row in rows}.values(),
            update_conflicts=True, unique_fields=["event"], update_fields=fields,
        )  # fmt: skip


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
    )  # fmt: skip
