"""What others may read of the regulator's operators: dataclasses, from the projections."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db.models import Sum

from kernel.errors import NotFound
from regulator.contracts import Terms
from regulator.feeds.state import FeedState, Hole
from regulator.figures.projection import ALL, DAY
from regulator.models import Feed, Gap, Operator, Receipt, Total
from regulator.operators.commands import terms

MOST = 200
"""Lines of a list that are read at once."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was played, in smallest units of ``currency``; ``players`` are distinct in the span."""

    currency: str
    stakes: int = 0
    payouts: int = 0
    refunds: int = 0
    events: int = 0
    players: int = 0

    @property
    def ggr(self) -> int:
        """Gross gaming revenue: stakes less payouts less refunds."""
        return self.stakes - self.payouts - self.refunds

    @property
    def margin(self) -> float | None:
        """GGR as a share of what was staked and not refunded."""
        held = self.stakes - self.refunds
        return self.ggr / held if held else None

    @property
    def payout_ratio(self) -> float | None:
        """Payouts as a share of what was staked and not refunded."""
        held = self.stakes - self.refunds
        return self.payouts / held if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanFigures:
    """The figures of an hour or day that began at ``start``, of a game or of all (``""``)."""

    start: datetime
    game: str
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiptItem:
    """A receipt as it was given out."""

    number: int
    at: datetime
    first: int
    last: int
    count: int
    fresh: int
    hash: str
    receipt: str
    faults: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OperatorItem:
    """An operator with its feed and its figures of the days asked for."""

    terms: Terms
    feed: FeedState
    figures: Figures


def operators(*, start: date, end: date) -> list[OperatorItem]:
    """All operators by name, with what they took from ``start`` to ``end``, both included."""
    states = feeds()
    rows = Total.objects.filter(span=DAY, game=ALL, **_between(start, end))
    sums = {
        (row["operator"], row["currency"]): Figures(
            currency=row["currency"], stakes=row["staked"], payouts=row["paid"],
            refunds=row["refunded"], events=row["counted"],
        )
        for row in rows.values("operator", "currency").annotate(
            staked=Sum("stakes"), paid=Sum("payouts"), refunded=Sum("refunds"),
            counted=Sum("events"),
        )
    }  # fmt: skip
    return [
        OperatorItem(
            terms=terms(row),
            feed=states.get(row.name, FeedState()),
            figures=sums.get((row.name, row.currency), Figures(currency=row.currency)),
        )
        for row in Operator.objects.order_by("title", "name")
    ]


def operator(name: str) -> Terms:
    """One operator's entry. Raises ``NotFound``."""
    row = Operator.objects.filter(name=name).first()
    if row is None:
        raise NotFound("There is no such operator.")
    return terms(row)


def names() -> list[tuple[str, str]]:
    """Short names and titles of all operators, by title."""
    return list(Operator.objects.order_by("title", "name").values_list("name", "title"))


def currency(name: str) -> str:
    """The currency of an operator's amounts; empty where there is no such operator."""
    return Operator.objects.filter(name=name).values_list("currency", flat=True).first() or ""


def feed(name: str) -> FeedState:
    """How an operator's feed stands; all zero before its first record."""
    row = Feed.objects.filter(operator=name).first()
    holes = Gap.objects.filter(operator=name).order_by("first")[:MOST]
    return _feed(row, holes) if row else FeedState()


def feeds() -> dict[str, FeedState]:
    """How all feeds stand, by operator, each with its first hole."""
    lowest = Gap.objects.order_by("operator", "first").distinct("operator")
    first = {gap.operator: gap for gap in lowest}
    return {
        row.operator: _feed(row, [first[row.operator]] if row.operator in first else [])
        for row in Feed.objects.all()
    }


def receipts(name: str, *, limit: int = MOST) -> list[ReceiptItem]:
    """An operator's receipts, the newest first."""
    return [
        ReceiptItem(
            number=row.number, at=row.at, first=row.first, last=row.last, count=row.count,
            fresh=row.fresh, hash=row.hash, receipt=row.receipt,
            faults=tuple((each["sequence"], each["code"]) for each in row.faults),
        )
        for row in Receipt.objects.filter(operator=name).order_by("-number")[:limit]
    ]  # fmt: skip


def spans(
    name: str, *, span: str, start: date, end: date, by_game: bool = False
) -> list[SpanFigures]:
    """An operator's hours or days from ``start`` to ``end``, of all games or each, in order."""
    rows = Total.objects.filter(operator=name, span=span, **_between(start, end))
    rows = rows.exclude(game=ALL) if by_game else rows.filter(game=ALL)
    return [
        SpanFigures(
            start=row.start,
            game=row.game,
            figures=Figures(
                currency=row.currency, stakes=row.stakes, payouts=row.payouts, refunds=row.refunds,
                events=row.events, players=row.players,
            ),
        )
        for row in rows.order_by("start", "game")
    ]  # fmt: skip


def _between(start: date, end: date) -> dict[str, datetime]:
    return {
        "start__gte": datetime.combine(start, time(), UTC),
        "start__lt": datetime.combine(end + _DAY, time(), UTC),
    }


def _feed(row: Feed, holes: Iterable[Gap]) -> FeedState:
    return FeedState(
        records=row.records, highest=row.highest, missing=row.missing, filled=row.filled,
        reused=row.reused, twice=tuple(row.twice), late=row.late, repeated=row.repeated,
        refused=row.refused, heard_at=row.heard_at, played_at=row.played_at,
        quiet_since=row.quiet_since,
        holes=tuple(
            Hole(first=each.first, last=each.last, opened_at=each.opened_at) for each in holes
        ),
    )  # fmt: skip
