"""From a market's months to forecasts of each operator and of all together. For the worker.

What is tried, chosen and told is decided by the pure modules beside this one; here is their order.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from kernel.errors import InvalidInput
from regulator.detectors.anomaly import Floats
from regulator.forecasts import candidates, intervals, members, reconcile, structure, trials
from regulator.forecasts.intervals import LEVEL, Tried
from regulator.forecasts.panel import YEAR, Daily, Panel, bridged, known
from regulator.forecasts.trials import Trial

MARKET = ""
"""The name of the series of all operators together."""
LEAST = 2 * YEAR
"""Months below which a series gets no forecast by itself."""
LEAST_TRIED = 18
"""Months that must be known before an origin."""
LEAST_SHARE = 3
"""Months below which a new operator is not forecast at all."""
RECENT = 6
SHARE = "share"
NONE = Tried(forecast=np.zeros((0, 0)), actual=np.zeros((0, 0)))
"""What was tried of a series that is too short for a trial."""
Told = Callable[[int, int], None]


class TooFewMonths(InvalidInput):
    """There are too few whole months to forecast from."""

    code = "too_few_months"
    title = "Too few months"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ahead:
    """One series' forecast, in the panel's unit: months, their interval, and their sum's.

    ``errors`` are the candidates' mean wMAPE over trials (shares); ``coverage`` is the share of
    months of earlier trials that the interval would have held, ``None`` without two origins.
    """

    name: str
    method: str
    first: int
    months: int
    point: Floats
    low: Floats
    high: Floats
    half_total: float
    handle: Floats
    errors: dict[str, float]
    coverage: float | None

    @property
    def total(self) -> float:
        """The sum over the horizon."""
        return float(self.point.sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Series:
    """What was found of one column: its trials, all candidates from today, and which was chosen."""

    trials: tuple[Trial, ...]
    today: dict[str, Floats]
    method: str
    tried: Tried


def alone(
    panel: Panel,
    horizon: int = YEAR,
    *,
    level: float = LEVEL,
    told: Told = lambda *_: None,
    without: frozenset[str] = frozenset(),
) -> list[Ahead]:
    """A forecast of every series by itself, though all learn from each other.

    Series of under ``LEAST`` months get NaN. ``without`` names members to leave out.
    """
    found = _found(panel, horizon, told, without)
    points = [each.today[each.method] for each in found]
    return _told(panel, found, points, level)


def together(
    panel: Panel,
    horizon: int = YEAR,
    *,
    level: float = LEVEL,
    told: Told = lambda *_: None,
    without: frozenset[str] = frozenset(),
) -> list[Ahead]:
    """The market's forecast and those of its operators, which sum to it; the market is first.

    An operator that is too new to be forecast by itself gets its share of the market; one of under
    ``LEAST_SHARE`` months, or that sent nothing in the last month, none. Empty while the market has
    under ``LEAST`` months.
    """
    whole = with_market(panel)
    if known(whole.ggr[:, 0]).size < LEAST:
        return []
    places = [0, *(place for place in range(1, len(whole.names)) if _lives(whole.ggr[:, place]))]
    living = _columns(whole, places)
    grown = [place for place in range(len(places)) if known(living.ggr[:, place]).size >= LEAST]
    by_place = dict(
        zip(grown, _found(_columns(living, grown), horizon, told, without), strict=True)
    )
    market = by_place[0].today[by_place[0].method]
    found = [
        by_place.get(place) or _newcomer(living.ggr[:, 0], living.ggr[:, place], market)
        for place in range(len(places))
    ]
    base = np.array([each.today[each.method] for each in found])
    total, parts = reconcile.reconciled(base[0], base[1:], _weights(base, found))
    return _told(living, found, [total, *parts], level)


def _newcomer(market: Floats, series: Floats, ahead: Floats) -> _Series:
    return _Series(
        trials=(), today={SHARE: share(market, series) * ahead}, method=SHARE, tried=NONE
    )


def _told(
    panel: Panel, found: Sequence[_Series], points: Sequence[Floats], level: float
) -> list[Ahead]:
    """``points`` with their intervals, and what is known of how they were made."""
    tried = [each.tried for each in found]
    learned, covered = intervals.widths(tried), intervals.coverage(tried, level)
    handle = structure.handle_ahead(panel, len(points[0]) if points else YEAR)
    made = []
    for place, (each, point) in enumerate(zip(found, points, strict=True)):
        half = intervals.half_widths(learned, place, point, level)
        made.append(
            Ahead(
                name=panel.names[place],
                method=each.method,
                first=panel.end,
                months=known(panel.ggr[:, place]).size,
                point=point,
                low=point - half,
                high=point + half,
                half_total=intervals.half_total(learned, place, point, level),
                handle=handle[:, place],
                errors=trials.errors(each.trials),
                coverage=covered[place],
            )
        )
    return made


def with_market(panel: Panel) -> Panel:
    """``panel`` with the sum of all its series before them.

    Its stakes are known in months in which those of every series with GGR are.
    """
    ggr, handle = bridged(panel.ggr), bridged(panel.handle)
    told = ~(np.isnan(handle) & np.isfinite(ggr)).any(axis=1) & np.isfinite(handle).any(axis=1)
    staked = np.where(told, np.nan_to_num(handle).sum(axis=1), np.nan)
    return replace(
        panel,
        daily=_daily(panel),
        names=(MARKET, *panel.names),
        ggr=np.column_stack([_sum(ggr), ggr]),
        handle=np.column_stack([staked, handle]),
    )


def _daily(panel: Panel) -> dict[str, Daily]:
    """The days of all series, and of the market where those of every series are known."""
    if not panel.names or set(panel.daily) != set(panel.names):
        return dict(panel.daily)
    first = min(each.first for each in panel.daily.values())
    last = max(each.first.toordinal() + each.ggr.size for each in panel.daily.values())
    total = np.zeros(last - first.toordinal())
    for each in panel.daily.values():
        start = (each.first - first).days
        total[start : start + each.ggr.size] += each.ggr
    return {MARKET: Daily(first=first, ggr=total), **panel.daily}


def share(market: Floats, series: Floats, recent: int = RECENT) -> float:
    """A series' part of its market over its last known months, ``recent`` at most."""
    both = np.flatnonzero(np.isfinite(series) & np.isfinite(market))[-recent:]
    of = float(market[both].sum())
    return float(series[both].sum()) / of if of > 0 else 0.0


def _sum(table: Floats) -> Floats:
    some = np.isfinite(table).any(axis=1)
    return np.where(some, np.nan_to_num(table).sum(axis=1), np.nan)


def _lives(series: Floats) -> bool:
    return bool(np.isfinite(series[-1])) and known(series).size >= LEAST_SHARE


def _columns(panel: Panel, places: Sequence[int]) -> Panel:
    return replace(
        panel, names=tuple(panel.names[place] for place in places), ggr=panel.ggr[:, places],
        handle=panel.handle[:, places],
    )  # fmt: skip


def _found(panel: Panel, horizon: int, told: Told, without: frozenset[str]) -> list[_Series]:
    """All trials of all series, and today's candidates, with what is chosen of them."""
    count, span = len(panel.names), min(horizon, YEAR)
    tries: list[list[Trial]] = [[] for _ in range(count)]
    asked = trials.origins(panel.months, span, LEAST_TRIED)
    for done, origin in enumerate(asked):
        told(done, len(asked) + 1)
        ready = _candidates(panel.until(origin), span, without, LEAST_TRIED)
        for place, each in enumerate(ready):
            actual = panel.ggr[origin : origin + span, place]
            if each and np.isfinite(actual).all():
                tries[place].append(Trial(origin=origin, actual=actual, candidates=each))
    told(len(asked), len(asked) + 1)
    today = _candidates(panel, horizon, without, LEAST)
    told(len(asked) + 1, len(asked) + 1)
    blank = {candidates.UNTRIED: np.full(horizon, np.nan)}
    found = []
    for own, now in zip(tries, today, strict=True):
        method = trials.chosen(own, tries) if now else candidates.UNTRIED
        found.append(
            _Series(trials=tuple(own), today=now or blank, method=method, tried=_tried(own, method))
        )
    return found


def _candidates(
    panel: Panel, horizon: int, without: frozenset[str], least: int
) -> list[dict[str, Floats]]:
    """Every candidate of every series from the panel's end; empty for one that is too short."""
    parts = {
        "held": structure.held(panel, horizon),
        "level": structure.level_season(panel, horizon),
    }
    found: list[dict[str, Floats]] = []
    for place in range(len(panel.names)):
        series = known(panel.ggr[:, place])
        if series.size < least or not np.isfinite(panel.ggr[-1, place]):
            found.append({})
            continue
        first = panel.end - series.size
        made = {
            name: members.ahead(name, series, first, horizon)
            for name in members.ALONE
            if name not in without
        }
        made |= {
            name: table[:, place]
            for name, table in parts.items()
            if np.isfinite(table[:, place]).all() and name not in without
        }
        days = panel.days(panel.names[place])
        if days is not None and "daily" not in without:
            told = members.by_day(days, panel.end, horizon, panel.country)
            made |= {} if told is None else {"daily": told}
        found.append(candidates.all_of(made))
    return found


def _tried(own: Sequence[Trial], method: str) -> Tried:
    usable = [each for each in own if method in each.candidates]
    if not usable:
        return NONE
    return Tried(
        forecast=np.array([each.candidates[method] for each in usable]),
        actual=np.array([each.actual for each in usable]),
    )


def _weights(base: Floats, found: Sequence[_Series]) -> Floats:
    """The covariance of the forecasts' errors, from the trials that all series have."""
    usual = intervals.widths([each.tried for each in found]).usual
    variances = (np.array(usual) * np.abs(base).mean(axis=1)) ** 2
    shared = min(len(each.tried.forecast) for each in found)
    if not shared:
        return np.diag(variances)
    columns = [(each.tried.actual - each.tried.forecast)[:shared].ravel() for each in found]
    return reconcile.covariance(np.column_stack(columns), variances)
