"""Whole months out of returns and a feed's days. Pure; amounts in smallest units.

A return's figures are spread evenly over its days, so that weekly returns add up to months too. A
month counts when every day of it is covered, and never before it is over. What an operator filed
goes before what its feed holds when it tells of as many months: it is what tax is paid on.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

import numpy as np

from regulator.forecasts.panel import Daily, Panel, first_day, last_day, month_of
from regulator.returns.checks import Fed
from regulator.returns.history import Filed

RETURNS, FEED, BOTH = "returns", "feed", "both"
_STOPPED = 2
"""An operator without figures for more months than this beside the newest one has stopped."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Months:
    """An operator's whole months: GGR and what was staked and not refunded, by month number.

    ``period_days`` is how long its returns usually are; ``days`` is the GGR of a feed's days.
    """

    source: str
    ggr: Mapping[int, float]
    handle: Mapping[int, float]
    period_days: float = 31.0
    days: Daily | None = None


def months(returns: Iterable[Filed], days: Mapping[date, Fed], *, today: date) -> Months:
    """The longer of both sources, returns where they are as long."""
    filed, fed = of_returns(returns, today=today), of_days(days, today=today)
    return filed if len(filed.ggr) >= len(fed.ggr) else fed


def of_returns(returns: Iterable[Filed], *, today: date) -> Months:
    """Whole months of returns that hold now."""
    ggr: dict[int, float] = {}
    handle: dict[int, float] = {}
    covered: dict[int, int] = {}
    lengths = []
    for each in returns:
        length = (each.end - each.start).days + 1
        lengths.append(length)
        for month in range(month_of(each.start), month_of(each.end) + 1):
            low, high = max(each.start, first_day(month)), min(each.end, last_day(month))
            part = (high - low).days + 1
            covered[month] = covered.get(month, 0) + part
            ggr[month] = ggr.get(month, 0.0) + each.ggr * part / length
            staked = each.stakes - each.refunds
            handle[month] = handle.get(month, 0.0) + staked * part / length
    whole = {month for month, days in covered.items() if days >= _length(month)}
    over = {month: _length(month) / covered[month] for month in whole if _over(month, today)}
    return Months(
        source=RETURNS,
        ggr={month: ggr[month] * share for month, share in sorted(over.items())},
        handle={month: handle[month] * share for month, share in sorted(over.items())},
        period_days=float(median(lengths)) if lengths else 31.0,
    )


def of_days(days: Mapping[date, Fed], *, today: date) -> Months:
    """Whole months of a feed, from its first day to its last one."""
    if not days:
        return Months(source=FEED, ggr={}, handle={})
    first, last = min(days), max(days)
    ggr: dict[int, float] = {}
    handle: dict[int, float] = {}
    for day, each in days.items():
        month = month_of(day)
        if first <= first_day(month) and last_day(month) <= last and _over(month, today):
            ggr[month] = ggr.get(month, 0.0) + each.stakes - each.payouts - each.refunds
            handle[month] = handle.get(month, 0.0) + each.stakes - each.refunds
    kept = np.zeros((last - first).days + 1)
    for day, each in days.items():
        kept[(day - first).days] = each.stakes - each.payouts - each.refunds
    return Months(
        source=FEED,
        ggr=dict(sorted(ggr.items())),
        handle=dict(sorted(handle.items())),
        days=Daily(first=first, ggr=kept),
    )


def panel(found: Mapping[str, Months], country: str = "") -> Panel | None:
    """The operators' months side by side, up to the newest one that all who still play have told.

    ``None`` where nothing is known.
    """
    told = {name: each for name, each in found.items() if each.ggr}
    if not told:
        return None
    newest = max(max(each.ggr) for each in told.values())
    end = min(max(each.ggr) for each in told.values() if max(each.ggr) >= newest - _STOPPED)
    first = min(min(each.ggr) for each in told.values())
    ggr, handle = np.full((2, end - first + 1, len(told)), np.nan)
    for place, each in enumerate(told.values()):
        for month, value in each.ggr.items():
            if month <= end:
                ggr[month - first, place] = value
                handle[month - first, place] = each.handle[month]
    daily = {name: each.days for name, each in told.items() if each.days is not None}
    return Panel(
        first=first, names=tuple(told), ggr=ggr, handle=handle, daily=daily, country=country
    )


def _length(month: int) -> int:
    return (last_day(month) - first_day(month)).days + 1


def _over(month: int, today: date) -> bool:
    return last_day(month) + timedelta(days=1) <= today
