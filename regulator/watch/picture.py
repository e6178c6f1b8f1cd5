"""What an anomaly looks like: what was seen against what was expected, around its stretch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from regulator.detectors import baseline, thinning
from regulator.detectors.anomaly import Floats, Ints, Kind
from regulator.money import major
from regulator.queries_anomalies import AnomalyItem
from regulator.watch import holds, loading, stakes, watchers
from regulator.watch.market import DAY, HOUR, Market, midnight
from regulator.watch.passes import HISTORY
from regulator.watch.sighting import FEED

_BEFORE, _AFTER = timedelta(days=3), timedelta(days=1)
_LONGEST = timedelta(days=21)
"""Hours of a longer stretch are drawn from its end back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """Values by time; ``expected`` is ``None`` where nothing is to be drawn against."""

    title: str
    unit: str
    at: tuple[datetime, ...]
    seen: tuple[float | None, ...]
    expected: tuple[float | None, ...] | None
    says: str


def picture(item: AnomalyItem, *, now: datetime) -> Picture | None:
    """What to draw; ``None`` where the kind is not about values over time, or nothing is held."""
    kind = Kind(item.kind)
    if kind in FEED:
        return _hours(item, "events", now)
    if kind is Kind.BASELINE:
        return _hours(item, str(item.evidence.get("figure", "events")), now)
    if kind is Kind.PAYOUT_SPIKE:
        return _hours(item, "payouts", now)
    if kind in (Kind.ISOLATED, Kind.COURSE, Kind.TOGETHER):
        return _hours(item, "events", now)
    if kind is Kind.THINNING:
        return _days(item, now)
    if kind is Kind.UNDER_REPORTING:
        return _weeks(item)
    return None


def _hours(item: AnomalyItem, figure: str, now: datetime) -> Picture | None:
    low = max(item.started_at - _BEFORE, item.ended_at - _LONGEST)
    high = min(item.ended_at + _AFTER, now)
    feeds = loading.feeds(now=now, since=low - HISTORY)
    if item.operator not in feeds.known:
        return None
    market = loading.market(
        feeds.known, start=midnight(low - HISTORY / 2), end=midnight(high) + DAY, step=HOUR
    )
    place, values = market.operators.index(item.operator), getattr(market, figure)
    games = {"events": market.games, "stakes": market.staked}.get(figure, ())
    grown = Kind(item.kind) not in FEED
    due = baseline.expected(values, games=games, grown=grown)[:, place]
    first, last = max(market.place(low), 0), market.place(high)
    names = {"events": "Records", "stakes": "Stakes", "payouts": "Payouts"}
    return _drawn(
        market, slice(first, last), values[:, place], due,
        title=f"{names[figure]} by hour", money=figure != "events", place=place,
        says="Expected: the same hour of earlier weeks, the operator's level since, and the"
        " other operators of that hour.",
    )  # fmt: skip


def _days(item: AnomalyItem, now: datetime) -> Picture | None:
    feeds = loading.feeds(now=now, since=item.started_at - HISTORY)
    market = loading.honest_days(feeds, today=midnight(item.ended_at) + DAY)
    if item.operator not in market.operators or not market.size:
        return None
    whole = np.flatnonzero(np.isfinite(market.events).all(axis=0))
    place = market.operators.index(item.operator)
    if place not in whole:
        return None
    told = thinning.thinned(
        market.events[:, whole], int(np.flatnonzero(whole == place)[0]),
        games=[each[:, whole] for each in market.games], learned=watchers.LEARNED,
        first=market.start.weekday(),
    )  # fmt: skip
    if told is None:
        return None
    return _drawn(
        market, slice(0, market.size), market.events[:, place], told.expected,
        title="Records by day", money=False, place=place,
        says="Expected: the other operators' records of the day times this operator's usual share"
        f" by weekday, from the first {watchers.LEARNED} days.",
    )  # fmt: skip


def _weeks(item: AnomalyItem) -> Picture | None:
    from regulator.queries_returns import every_version

    found = holds.of_returns(every_version(current_only=True))
    if found is None or item.operator not in found.operators:
        return None
    hold = found.panel.hold()[:, found.operators.index(item.operator)]
    rows = [
        (datetime.combine(day, datetime.min.time(), item.started_at.tzinfo), float(value))
        for day, value in zip(found.starts, hold, strict=True)
    ]
    held = [row for row in rows if row[0] >= item.started_at - timedelta(weeks=52)]
    held = [row for row in held if row[0] < item.ended_at + timedelta(weeks=4)]
    usual = item.evidence.get("expected_hold")
    due = [100 * float(usual)] * len(held) if isinstance(usual, float) else None
    return Picture(
        title="Hold by week", unit="% of stakes", at=tuple(at for at, _ in held),
        seen=tuple(None if np.isnan(value) else 100 * value for _, value in held),
        expected=tuple(due) if due else None,
        says="Hold: what stayed with the operator of what was staked. Expected: what its weeks"
        " before the stretch and its market make likely.",
    )  # fmt: skip


def leading_digits(item: AnomalyItem) -> tuple[dict[int, float], dict[int, float]]:
    """Shares of stakes by first digit: of an anomaly's week, and of the weeks before it."""
    week = item.started_at.date()
    first = week - timedelta(weeks=stakes.PAST)
    (held, *_) = loading.staked(since=first, currencies={item.operator: ""}) or (None,)
    if held is None or week not in held.weeks:
        return {}, {}
    before = [stakes.tally(cells) for day, cells in held.weeks.items() if day < week]
    told = (stakes.tally(held.weeks[week]), np.sum(before, axis=0) if before else np.zeros(90))
    now, past = ({} if not each.sum() else _by_first(each) for each in told)
    return now, past


def _by_first(tally: Floats | Ints) -> dict[int, float]:
    shares = tally.reshape(9, 10).sum(axis=1) / tally.sum()
    return {digit: float(share) for digit, share in enumerate(shares, start=1)}


def _drawn(
    market: Market, part: slice, seen: Floats, due: Floats, *, title: str, money: bool, place: int,
    says: str,
) -> Picture:  # fmt: skip
    unit = market.currencies[place] if money else ""
    return Picture(
        title=title, unit=unit or "records", says=says,
        at=tuple(market.at(each) for each in range(part.start, part.stop)),
        seen=_shown(seen[part], unit), expected=_shown(due[part], unit),
    )  # fmt: skip


def _shown(values: Sequence[float] | Floats, unit: str) -> tuple[float | None, ...]:
    """Values as people read them: in whole units of the currency, records to a tenth."""
    return tuple(
        None if np.isnan(each) else major(round(each), unit) if unit else round(float(each), 1)
        for each in values
    )
