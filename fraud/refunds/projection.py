"""From events to the ledger's rows; the order of the log decides."""

from collections.abc import Sequence

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from fraud.contracts import RefundDue, RefundSettled, RefundWithdrawn
from fraud.models import Refund

_TYPES = frozenset({"fraud.refund_due", "fraud.refund_withdrawn", "fraud.refund_settled"})


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch."""
    for stored in events:
        if stored.type in _TYPES:
            _apply(stored)


def reset() -> None:
    """Empty the ledger."""
    active_tenant()
    Refund.objects.all().delete()


def _apply(stored: StoredEvent) -> None:
    body = decode(stored)
    row = Refund.objects.filter(decision=body.decision)
    match body:
        case RefundDue():
            due = {
                "source": body.source, "start": body.start, "end": body.end,
                "amount": body.amount, "currency": body.currency,
                "decided_at": stored.occurred_at,
            }  # fmt: skip
            Refund.objects.update_or_create(decision=body.decision, defaults=due)
        case RefundWithdrawn():
            row.filter(withdrawn_at=None).update(withdrawn_at=stored.occurred_at)
        case RefundSettled():
            row.update(
                received=body.received, note=body.note, settled_at=stored.occurred_at,
                settled_by=body.actor,
            )  # fmt: skip
