"""What an interval should bring: the same slot of earlier weeks, the level since, the market.

    expected = median of the slot in the last weeks x own level x market,

the level the median ratio of the last season's values to their slots' medians (growth), the market
the median ratio of the other operators' values to what was expected of them (holidays, matches).
Medians throughout: up to half of what is learned from may be wrong (Rousseeuw & Croux, JASA 1993).
Causal: nothing after an interval is used for it. A deviation is the logarithm of the ratio by its
robust spread in the past, with the spread of counts added where counts are small.
"""

import warnings

import numpy as np

from regulator.detectors.anomaly import Anomaly, Floats, Kind, Streak, severity, streaks
from regulator.detectors.remembered import remembered

SEASON = 168
"""Hours of a week: the slots that are alike."""
WEEKS = 6
LEAST = 2
"""Weeks of a slot below which nothing is expected of it."""
LIMIT = 6.0
QUIET = 24
_FEWEST = 3
_SWING = 2.0


@remembered
def expected(values: Floats, *, season: int = SEASON, market: bool = True) -> Floats:
    """What each interval (rows) of each operator (columns) should bring; NaN where unknown."""
    slot = _slots(values, season)
    own = slot * _level(values, slot, season)
    return own * _market(values, own) if market and values.shape[1] > _FEWEST else own


def _slots(values: Floats, season: int) -> Floats:
    """The median of the same slot in up to six earlier weeks; NaN with fewer than two."""
    past = np.full((WEEKS, *values.shape), np.nan)
    for week in range(1, WEEKS + 1):
        if values.shape[0] > week * season:
            past[week - 1, week * season :] = values[: -week * season]
    return np.where(np.isfinite(past).sum(axis=0) >= LEAST, _median(past, axis=0), np.nan)


def _level(values: Floats, slot: Floats, season: int) -> Floats:
    """How much more than its slots an operator lately brings: the last season's median ratio."""
    ratio = np.full(values.shape, np.nan)
    np.divide(values, slot, out=ratio, where=slot > 0)
    padded = np.vstack([np.full((season, values.shape[1]), np.nan), ratio[:-1]])
    seen = np.lib.stride_tricks.sliding_window_view(padded, season, axis=0)
    level = _median(seen, axis=2)
    told = np.isfinite(seen).sum(axis=2) >= season // 4
    found: Floats = np.where(told & (level > 0), level, 1.0)
    return found


def _market(values: Floats, own: Floats) -> Floats:
    """What the other operators bring of what is expected of them, from a half to twice.

    The bounds keep a receiver that loses everybody's events from looking like a quiet day.
    """
    ratio = np.full(values.shape, np.nan)
    np.divide(values, own, out=ratio, where=own > 0)
    found = np.ones(values.shape)
    for place in range(values.shape[1]):
        others = np.delete(ratio, place, axis=1)
        told = np.isfinite(others).sum(axis=1) >= _FEWEST
        found[told, place] = np.clip(_median(others[told], axis=1), 1 / _SWING, _SWING)
    return found


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
    values: Floats, *, limit: float = LIMIT, season: int = SEASON, refractory: int = QUIET
) -> list[list[Anomaly]]:
    """Of each operator the intervals far from what is expected, each streak told once."""
    due = expected(values, season=season)
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing: the median is missing too
        found: Floats = np.nanmedian(values, axis=axis)
    return found
