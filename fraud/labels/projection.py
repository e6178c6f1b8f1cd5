"""From words to labels, and to the cases that wait for one: a projection of its own."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from fraud.models import Label

NAME = "fraud-labels"
"""The projection's name."""
_Rows = dict[tuple[UUID, str], Label]


def handle(events: Sequence[StoredEvent]) -> None:
    """Keep a batch's words in the order of the log; the later one of somebody replaces theirs."""
    fresh: _Rows = {}
    for stored in events:
        if stored.type == "fraud.labelled":
            row = _row(stored)
            fresh[row.event, row.actor] = row
        elif stored.type in _CHANGING:
            _keep(fresh)
            fresh = {}
            _CHANGING[stored.type](decode(stored))
    _keep(fresh)


def reset() -> None:
    """Forget all labels."""
    active_tenant()
    Label.objects.all().delete()


def _keep(rows: _Rows) -> None:
    if rows:
        Label.objects.bulk_create(
            rows.values(), update_conflicts=True, unique_fields=["event", "actor"],
            update_fields=["at", "subject", "fraud", "kind", "note"],
        )  # fmt: skip


def _withdrawn(body: Any) -> None:
    Label.objects.filter(event=body.event, actor=body.actor).delete()


def _erased(body: Any) -> None:
    Label.objects.filter(subject__in=body.subjects).delete()


def _expired(body: Any) -> None:
    Label.objects.filter(at__lt=datetime.fromisoformat(body.before)).delete()


_CHANGING = {
    "fraud.label_withdrawn": _withdrawn, "subject.erased": _erased, "log.expired": _expired,
}  # fmt: skip


def _row(stored: StoredEvent) -> Label:
    body = decode(stored)
    return Label(
        event=body.event, actor=body.actor, at=stored.occurred_at, subject=stored.subject,
        fraud=body.fraud, kind=str(body.kind) if body.kind else "", note=body.note,
    )  # fmt: skip
