"""What an interval should bring: the same slot of earlier weeks, the level since, the market.

    expected = middle of the slot in the last weeks x own level x market,

the middle the mean of the slot's last weeks without the least and the most of them, the level the
median ratio of the last season's values to their slots' (growth), the market the median ratio of
the other operators' values to what was expected of them (holidays, matches). So a bad week, half a
bad season and half of the others may be wrong (Rousseeuw & Croux, JASA 1993). Where games are told
apart each has its own market: a day of matches moves all who take bets on them and nobody else.
Causal: nothing after an interval is used for it. A deviation is the logarithm of the ratio by its
robust spread in the past, with the spread of counts added where counts are small.
"""

import warnings
from collections.abc import Callable, Sequence

import numpy as np

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, Streak, severity, streaks
from regulator.detectors.remembered import remembered

SEASON = 168
"""Hours of a week: the slots that are alike."""
WEEKS = 6
LEAST = 2
"""Weeks of a slot below which nothing is expected of it."""
LIMIT = 6.0
QUIET = 24
_FEWEST = 3
_SWING = 4.0


@remembered
def expected(
    values: Floats, *, games: Sequence[Floats] = (), season: int = SEASON, market: bool = True,
    grown: bool = True,
) -> Floats:  # fmt: skip
    """What each interval (rows) of each operator (columns) should bring; NaN where unknown.

    ``games`` are the same values by game, one array each; what is expected is then their sum. Not
    ``grown``: that an operator lately brings more than its slots is not counted on, for promotions
    end.
    """
    own = _own(values, season, grown)
    if not market or values.shape[1] <= _FEWEST:
        return own
    factor = _market(values, own)
    if not games:
        return own * np.where(np.isfinite(factor), factor, 1.0)
    together = np.zeros(values.shape)
    for each in games:
        has = np.nansum(each, axis=0) > 0
        part = _own(each[:, has], season, grown)
        moved, whole = _market(each[:, has], part), factor[:, has]
        moved = np.where(np.isfinite(moved), moved, np.where(np.isfinite(whole), whole, 1.0))
        together[:, has] += part * moved
    together[~np.isfinite(own)] = np.nan
    return together


def _own(values: Floats, season: int, grown: bool) -> Floats:
    slot = _slots(values, season)
    level = _level(values, slot, season)
    return slot * (level if grown else np.minimum(level, 1.0))


def _slots(values: Floats, season: int) -> Floats:
    """The middle of the same slot in up to six earlier weeks; NaN with fewer than two."""
    past = np.full((WEEKS, *values.shape), np.nan)
    for week in range(1, WEEKS + 1):
        if values.shape[0] > week * season:
            past[week - 1, week * season :] = values[: -week * season]
    count = np.isfinite(past).sum(axis=0)
    total = np.nansum(past, axis=0)
    rest = total - _least(past, np.nanmin) - _least(past, np.nanmax)
    middle = np.where(count > LEAST, rest / np.maximum(count - 2, 1), total / np.maximum(count, 1))
    return np.where(count >= LEAST, middle, np.nan)


def _least(past: Floats, of: Callable[..., Floats]) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing: none is least
        return np.nan_to_num(of(past, axis=0))


def _level(values: Floats, slot: Floats, season: int) -> Floats:
    """How much more than its slots an operator lately brings: the last season's median ratio.

    Looked at anew some times a day (every 28th of a season).
    """
    ratio = np.full(values.shape, np.nan)
    np.divide(values, slot, out=ratio, where=slot > 0)
    padded = np.vstack([np.full((season, values.shape[1]), np.nan), ratio[:-1]])
    step = max(season // 28, 1)
    seen = np.lib.stride_tricks.sliding_window_view(padded, season, axis=0)[::step]
    level = _median(seen, axis=2)
    told = np.isfinite(seen).sum(axis=2) >= season // 4
    found: Floats = np.where(told & (level > 0), level, 1.0)
    return np.repeat(found, step, axis=0)[: values.shape[0]]


def _market(values: Floats, own: Floats) -> Floats:
    """What the other operators bring of what is expected of them; NaN where they are few.

    From a quarter to four times: that keeps a receiver that loses everybody's events from looking
    like a quiet day.
    """
    ratio = np.full(values.shape, np.nan)
    np.divide(values, own, out=ratio, where=own > 0)
    others = (~np.isnan(ratio)).sum(axis=1, keepdims=True) - ~np.isnan(ratio)
    found = np.clip(_medians_of_others(ratio), 1 / _SWING, _SWING)
    return np.where(others >= _FEWEST, found, np.nan)


@remembered
def spread(values: Floats, due: Floats, *, season: int = SEASON) -> Floats:
    """The robust deviation of an operator's log ratios in the past, beyond what counting adds.

    One value per operator and interval, of all before it: 1.4826 times the median absolute log
    ratio, less the 1/expected that Poisson counts have anyway.
    """
    apart = np.abs(_log_ratio(values, due))
    found = np.full(values.shape, np.nan)
    for until in range(season, values.shape[0], max(season // 7, 1)):
        part = slice(until, until + max(season // 7, 1))
        recent = slice(max(0, until - WEEKS * season), until)
        known = np.isfinite(apart[recent]).sum(axis=0) >= season // 2
        noise = _median(1.0 / np.maximum(due[recent], 1.0), axis=0)
        wide = (1.4826 * _median(apart[recent], axis=0)) ** 2 - noise
        found[part] = np.where(known, np.sqrt(np.maximum(wide, 1e-4)), np.nan)
    return found


def deviations(values: Floats, due: Floats, *, season: int = SEASON) -> Floats:
    """How far each interval is from what is expected, in robust deviations, signed."""
    wide = np.sqrt(spread(values, due, season=season) ** 2 + 1.0 / np.maximum(due, 1.0))
    found: Floats = _log_ratio(values, due) / wide
    return found


def anomalies(
    values: Floats, *, games: Sequence[Floats] = (), limit: float = LIMIT, season: int = SEASON,
    refractory: int = QUIET,
) -> list[list[Anomaly]]:  # fmt: skip
    """Of each operator the intervals far from what is expected, each streak told once."""
    due = expected(values, games=games, season=season)
    apart = deviations(values, due, season=season)
    return [
        [
            _told(
                each,
                float(values[each.peak, place]),
                float(due[each.peak, place]),
                float(abs(apart[each.peak, place])),
                limit,
            )
            for each in streaks(np.abs(apart[:, place]), limit, refractory=refractory)
        ]
        for place in range(values.shape[1])
    ]


def _told(streak: Streak, seen: float, wanted: float, score: float, limit: float) -> Anomaly:
    return Anomaly(
        kind=Kind.BASELINE, started=streak.started, ended=streak.ended, score=score,
        severity=severity(score, limit),
        evidence={"peak": streak.peak, "seen": seen, "expected": wanted, "limit": limit},
        explanation=f"{seen:,.0f} where {wanted:,.0f} was to be expected from the same time of "
        "earlier weeks and from the market.",
    )  # fmt: skip


def _log_ratio(values: Floats, due: Floats) -> Floats:
    """The logarithm of seen by expected, with half an event added to both: 0 has one too."""
    return np.log((np.maximum(values, 0.0) + 0.5) / (due + 0.5))


def _median(values: Floats, axis: int) -> Floats:
    """As ``np.nanmedian``, which takes one row after the other: NaN is sorted to the end."""
    ordered = np.sort(values, axis=axis)
    count = (~np.isnan(values)).sum(axis=axis, keepdims=True)
    low = np.take_along_axis(ordered, np.maximum(count - 1, 0) // 2, axis=axis)
    high = np.take_along_axis(ordered, np.minimum(count // 2, values.shape[axis] - 1), axis=axis)
    found: Floats = np.where(count > 0, (low + high) / 2.0, np.nan).squeeze(axis=axis)
    return found


def _medians_of_others(values: Floats) -> Floats:
    """Of each row the median of all values but the column's own; NaN where there are none.

    Sorted once: without the value of rank r, those behind it move up by one place.
    """
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(values.shape[1])[None, :], axis=1)
    known = ~np.isnan(values)
    count = known.sum(axis=1, keepdims=True) - known

    def at(place: Ints) -> Floats:
        behind = known & (place >= rank)
        last = np.clip(place + behind, 0, values.shape[1] - 1)
        told: Floats = np.take_along_axis(ordered, last, axis=1)
        return told

    middle = (at(np.maximum(count - 1, 0) // 2) + at(count // 2)) / 2.0
    return np.where(count > 0, middle, np.nan)
