"""From records and receipts to the state of each feed: a projection of its own."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.contracts import BatchReceived, NoActivity, Record
from regulator.feeds import rhythm
from regulator.feeds.sequence import Gap as Hole
from regulator.feeds.sequence import Ledger
from regulator.models import Feed, Gap, Receipt
from regulator.wall import live

NAME = "regulator-feeds"
"""The projection's name."""

LATE = timedelta(days=1)
"""A record that comes later than this after it happened is late."""
_RECORDS = frozenset({"gaming.stake", "gaming.payout", "gaming.refund", "gaming.no_activity"})


class _State:
    """A feed's row and ledger while a batch is applied."""

    def __init__(self, operator: str) -> None:
        self.row = Feed.objects.filter(operator=operator).first() or Feed(operator=operator)
        rows = Gap.objects.filter(operator=operator).order_by("first")
        self.before = [Hole(row.first, row.last, row.opened_at) for row in rows]
        self.ledger = Ledger(
            highest=self.row.highest, gaps=list(self.before), filled=self.row.filled,
            reused=self.row.reused, twice=list(self.row.twice),
        )  # fmt: skip

    def record(self, stored: StoredEvent, body: Record) -> None:
        row = self.row
        self.ledger.take(body.sequence, stored.recorded_at)
        row.records += 1
        late = stored.recorded_at - stored.occurred_at > LATE
        row.late, row.late_open = row.late + late, row.late_open + late
        row.heard_at = stored.recorded_at
        if row.played_at is not None and stored.occurred_at <= row.played_at:
            return  # what came late says nothing of how things are
        if isinstance(body, NoActivity):
            row.quiet_since = datetime.fromisoformat(body.since)
        else:
            row.played_at, row.quiet_since = stored.occurred_at, None

    def batch(self, stored: StoredEvent, body: BatchReceived) -> Receipt:
        row, late = self.row, self.row.late_open
        if row.batch_at is not None:
            row.rhythm = rhythm.after(row.rhythm, stored.recorded_at - row.batch_at)
        row.repeated += body.count - body.fresh
        row.refused += len(body.faults)
        row.heard_at = row.batch_at = stored.recorded_at
        row.late_open = 0
        return Receipt(
            operator=body.operator, number=body.number, at=stored.recorded_at, first=body.first,
            last=body.last, count=body.count, fresh=body.fresh, hash=body.hash,
            receipt=body.receipt, late=late,
            faults=[
                {"sequence": each.sequence, "code": each.code, "held": each.held}
                for each in body.faults
            ],
        )  # fmt: skip

    def save(self) -> None:
        row, ledger = self.row, self.ledger
        row.highest, row.missing, row.filled = ledger.highest, ledger.missing, ledger.filled
        row.reused, row.twice = ledger.reused, ledger.twice
        row.save()
        before, after = set(self.before), set(ledger.gaps)
        if gone := before - after:
            firsts = [each.first for each in gone]
            Gap.objects.filter(operator=row.operator, first__in=firsts).delete()
        Gap.objects.bulk_create(
            [Gap(operator=row.operator, **each._asdict()) for each in sorted(after - before)]
        )


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in the order of the log, which is the order the records came in."""
    states: dict[str, _State] = {}
    fresh: list[Receipt] = []

    def state(operator: str) -> _State:
        if operator not in states:
            states[operator] = _State(operator)
        return states[operator]

    for stored in events:
        if stored.type in _RECORDS or stored.type == "gaming.batch_received":
            _apply(stored, decode(stored), state, fresh)
    for each in states.values():
        each.save()
    Receipt.objects.bulk_create(fresh)
    if states:
        schema = active_tenant()
        transaction.on_commit(lambda: live.publish(schema, states))


def _apply(
    stored: StoredEvent, body: Any, state: Callable[[str], _State], fresh: list[Receipt]
) -> None:
    held = state(body.operator)
    if isinstance(body, BatchReceived):
        fresh.append(held.batch(stored, body))
    else:
        held.record(stored, body)


def reset() -> None:
    """Forget all feeds; the heads of their chains stay."""
    active_tenant()
    for model in (Feed, Gap, Receipt):
        model.objects.all().delete()
