"""A market's figures from its operators' days and returns, in smallest units. Pure.

An operator with a feed is told by its feed; one without, by the returns whose whole period lies in
the range. Currencies are never added up.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from regulator.contracts import Rates, Terms
from regulator.operators.tax import of_period
from regulator.returns.checks import Fed
from regulator.returns.history import Filed

_DAY = timedelta(days=1)
Part = tuple[date, date]
"""The first and last day of a stretch, both included."""


class Source(StrEnum):
    """Where an operator's figures come from."""

    FEED = "feed"
    RETURNS = "returns"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What an operator took in a range. ``days`` are days of a feed, or the ends of periods.

    ``tax`` is what its schedule makes due; ``None`` where it has none for these days.
    """

    terms: Terms
    source: Source
    days: Mapping[date, Fed]
    tax: int | None = None

    @property
    def taken(self) -> Fed:
        """All of it together."""
        return total(self.days.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """One of several that make up a market; ``share`` is of the GGR, where there is any."""

    name: str
    taken: Fed
    share: float | None


def total(figures: Iterable[Fed]) -> Fed:
    """The sum."""
    stakes = payouts = refunds = 0
    for each in figures:
        stakes += each.stakes
        payouts += each.payouts
        refunds += each.refunds
    return Fed(stakes=stakes, payouts=payouts, refunds=refunds)


def margin(figures: Fed) -> float | None:
    """GGR as a share of what was staked and not refunded."""
    held = figures.stakes - figures.refunds
    return figures.ggr / held if held else None


def before(start: date, end: date) -> Part:
    """The range of the same length that ends the day before ``start``."""
    return start - (end - start) - _DAY, start - _DAY


def parts(start: date, end: date, periods: Iterable[Part], changes: Iterable[date]) -> list[Part]:
    """``start`` to ``end`` in the stretches that tax is due for, one after the other.

    A stretch is a period a return is of, and between those a month; a change of the rates divides
    either.
    """
    spans = sorted(periods)
    edges = {start} | {day for day in changes if start < day <= end}
    for low, high in spans:
        edges |= {day for day in (low, high + _DAY) if start < day <= end}
    month = (start.replace(day=28) + 4 * _DAY).replace(day=1)
    while month <= end:
        if not any(low < month <= high for low, high in spans):
            edges.add(month)
        month = (month.replace(day=28) + 4 * _DAY).replace(day=1)
    starts = sorted(edges)
    return list(zip(starts, [*(day - _DAY for day in starts[1:]), end], strict=True))


def tax(rates: Sequence[Rates], stretches: Sequence[Part], days: Mapping[date, Fed]) -> int | None:
    """The tax due on ``days``, each stretch by the rates that hold in it; ``None`` without rates.

    ``stretches`` are in order, as ``parts`` gives them.
    Brackets are of a period: a stretch is taxed as one that begins and ends with it.
    """
    starts = [low for low, _ in stretches]
    sums: defaultdict[int, list[Fed]] = defaultdict(list)
    for day, fed in days.items():
        place = bisect_right(starts, day) - 1
        if place >= 0 and day <= stretches[place][1]:
            sums[place].append(fed)
    found = [
        of_period(rates, *stretches[place], stakes=fed.stakes, ggr=fed.ggr)
        for place, fed in ((each, total(feds)) for each, feds in sums.items())
    ]
    known = [each[0] for each in found if each is not None]
    return sum(known) if known else None


def account(
    terms: Terms, days: Mapping[date, Fed], held: Sequence[Filed], start: date, end: date
) -> Account:
    """An operator's account from its feed's ``days`` in the range, else from returns ``held``."""
    mine = [each for each in held if each.currency == terms.currency]
    if days:
        stretches = parts(
            start, end, ((each.start, each.end) for each in mine),
            (each.since for each in terms.rates),
        )  # fmt: skip
        due = tax(terms.rates, stretches, days)
        return Account(terms=terms, source=Source.FEED, days=days, tax=due)
    whole = [each for each in mine if start <= each.start and each.end <= end]
    if not whole:
        return Account(terms=terms, source=Source.NONE, days={})
    dues = [
        of_period(terms.rates, each.start, each.end, stakes=each.stakes, ggr=each.ggr)
        for each in whole
    ]
    known = [each[0] for each in dues if each is not None]
    return Account(
        terms=terms, source=Source.RETURNS, tax=sum(known) if known else None,
        days=_by_end(whole),
    )  # fmt: skip


def _by_end(returns: Sequence[Filed]) -> dict[date, Fed]:
    found: defaultdict[date, list[Fed]] = defaultdict(list)
    for each in returns:
        # GGR is what was declared, even where the return's own figures give another.
        fed = Fed(
            stakes=each.stakes, payouts=each.stakes - each.refunds - each.ggr, refunds=each.refunds
        )
        found[each.end].append(fed)
    return {day: total(feds) for day, feds in found.items()}


def by_day(accounts: Iterable[Account], source: Source) -> dict[date, Fed]:
    """The market's days, of the accounts that ``source`` tells; in order."""
    found: defaultdict[date, list[Fed]] = defaultdict(list)
    for each in accounts:
        if each.source is source:
            for day, fed in each.days.items():
                found[day].append(fed)
    return {day: total(found[day]) for day in sorted(found)}


def owed(accounts: Iterable[Account]) -> int | None:
    """The tax due of all together; ``None`` where no schedule says anything."""
    known = [each.tax for each in accounts if each.tax is not None]
    return sum(known) if known else None


def shares(figures: Mapping[str, Fed]) -> list[Share]:
    """Who makes up how much of the GGR, the largest first; no shares of nothing or of a loss."""
    whole = total(figures.values()).ggr
    return sorted(
        (
            Share(name=name, taken=fed, share=fed.ggr / whole if whole > 0 else None)
            for name, fed in figures.items()
        ),
        key=lambda each: (-each.taken.ggr, each.name),
    )
