"""A feed that stops, or loses part of its events, found within two intervals.

Events of an interval are counts that vary more than Poisson's: negative binomial with the mean that
``baseline.expected`` gives and the variance mean + (spread mean)^2, the spread robust from the
operator's own past. The score is -log10 of the chance of so few; two intervals in succession are
judged together by Fisher's method (Statistical Methods for Research Workers, 1925), so that a loss
too small for one interval is found in the second.
"""

from math import log10

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Anomaly, Floats, Kind, Streak, severity, streaks
from regulator.detectors.baseline import SEASON, expected, spread

LEAST = 10.0
"""Expected events of an interval below which its silence says nothing."""
SIZE = 1e-6
QUIET = 3
ODD = 0.02
"""An interval less odd than this adds nothing to the one before it."""
WHOLE = 0.1
"""Share of the expected below which a feed is said to have stopped, not thinned."""


def scores(counts: Floats, *, season: int = SEASON) -> tuple[Floats, Floats]:
    """-log10 of the chance of so few events in each interval or the last two; what was expected."""
    due = expected(counts, season=season)
    chance = _few(counts, due, spread(counts, due, season=season))
    before = np.vstack([np.ones((1, counts.shape[1])), chance[:-1]])
    before = np.where(np.isfinite(before), before, 1.0)
    both = stats.chi2.sf(-2.0 * np.log(np.maximum(chance * before, 1e-300)), 4)
    least = np.where(chance < ODD, np.minimum(chance, both), chance)
    told: Floats = np.where(np.isfinite(chance), -np.log10(np.maximum(least, 1e-300)), np.nan)
    return told, due


def _few(counts: Floats, due: Floats, wide: Floats) -> Floats:
    """The chance of at most so many events; NaN where too few are expected to tell."""
    usable = np.isfinite(due) & np.isfinite(wide) & (due >= LEAST)
    found: Floats = np.full(counts.shape, np.nan)
    size = 1.0 / wide[usable] ** 2
    found[usable] = stats.nbinom.cdf(counts[usable], size, size / (size + due[usable]))
    return found


def anomalies(
    counts: Floats, *, size: float = SIZE, season: int = SEASON, refractory: int = QUIET
) -> list[list[Anomaly]]:
    """Of each operator the intervals in which its events are missing, a stretch told once."""
    told, due = scores(counts, season=season)
    bound = -log10(size)
    return [
        [
            _told(counts[:, place], due[:, place], each, float(told[each.peak, place]), bound)
            for each in streaks(told[:, place], bound, refractory=refractory)
        ]
        for place in range(counts.shape[1])
    ]


def _told(counts: Floats, due: Floats, streak: Streak, score: float, bound: float) -> Anomaly:
    part = slice(streak.started, streak.ended + 1)
    seen, wanted = float(counts[part].sum()), float(np.nansum(due[part]))
    whole = seen <= WHOLE * wanted
    return Anomaly(
        kind=Kind.FEED_DROP if whole else Kind.PARTIAL_DROP, started=streak.started,
        ended=streak.ended, score=score, severity=severity(score, bound),
        evidence={"events": seen, "expected": wanted, "missing": 1 - seen / wanted},
        explanation=f"{seen:,.0f} events arrived in {streak.ended - streak.started + 1} "
        f"intervals where {wanted:,.0f} were to be expected: "
        + ("the feed stopped." if whole else f"{1 - seen / wanted:.0%} are missing."),
    )  # fmt: skip


def smallest(expected_events: float, *, wide: float, size: float = SIZE) -> float:
    """The smallest loss that one interval shows half the time: 1 - limit / expected."""
    shape = 1.0 / wide**2
    few = stats.nbinom.ppf(size, shape, shape / (shape + expected_events))
    return float(1.0 - few / expected_events)
