"""What others may read of the refund ledger."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import F, Sum
from django.db.models.functions import Coalesce, Greatest

from fraud.models import Refund
from kernel.money import MICRO

MOST = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundItem:
    """A line of the ledger, amounts in ``currency``. ``received`` ``None``: not settled yet."""

    decision: str
    source: str
    start: date | None
    end: date
    amount: float
    currency: str
    decided_at: datetime
    withdrawn_at: datetime | None
    received: float | None
    note: str
    settled_at: datetime | None
    settled_by: str

    @property
    def open(self) -> float:
        """What is still owed: nothing of what was withdrawn."""
        if self.withdrawn_at is not None:
            return 0.0
        return max(self.amount - (self.received or 0.0), 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """A publisher's lines (or all publishers') in one currency, those withdrawn left out."""

    source: str
    currency: str
    due: float
    received: float
    open: float


def refunds() -> list[RefundItem]:
    """The lines, the newest decision first; ``MOST`` at most."""
    rows = Refund.objects.order_by("-decided_at", "decision")[:MOST]
    return [_item(row) for row in rows]


def decided(*, start: date, end: date) -> list[Balance]:
    """The sums of what was decided in these days (UTC, both included), by currency.

    ``source`` is empty; what was withdrawn is left out.
    """
    rows = Refund.objects.filter(
        decided_at__gte=datetime.combine(start, time.min, UTC),
        decided_at__lt=datetime.combine(end, time.min, UTC) + timedelta(days=1),
        withdrawn_at=None,
    )
    found = rows.values("currency").annotate(
        due=Sum("amount"), back=Sum(Coalesce("received", 0)),
        left=Sum(Greatest(F("amount") - Coalesce("received", 0), 0)),
    )  # fmt: skip
    return [
        Balance(
            source="", currency=row["currency"], due=row["due"] / MICRO,
            received=row["back"] / MICRO, open=row["left"] / MICRO,
        )
        for row in found.order_by("currency")
    ]  # fmt: skip


def balances(lines: list[RefundItem]) -> list[Balance]:
    """Each publisher's sums, the one that owes most first."""
    sums: dict[tuple[str, str], list[float]] = {}
    for line in lines:
        if line.withdrawn_at is None:
            mine = sums.setdefault((line.source, line.currency), [0.0, 0.0, 0.0])
            for place, value in enumerate((line.amount, line.received or 0.0, line.open)):
                mine[place] += value
    found = [
        Balance(source=source, currency=currency, due=due, received=received, open=left)
        for (source, currency), (due, received, left) in sums.items()
    ]
    return sorted(found, key=lambda each: (-each.open, each.source))


def _item(row: Refund) -> RefundItem:
    return RefundItem(
        decision=str(row.decision),
        source=row.source,
        start=row.start,
        end=row.end,
        amount=row.amount / MICRO,
        currency=row.currency,
        decided_at=row.decided_at,
        withdrawn_at=row.withdrawn_at,
        received=None if row.received is None else row.received / MICRO,
        note=row.note,
        settled_at=row.settled_at,
        settled_by=row.settled_by,
    )
