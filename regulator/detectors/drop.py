"""A feed that stops, or loses part of its events, found within two intervals.

Events of an interval are counts that vary more than Poisson's: people play in sittings, which come
or don't, and operators have moods. They are negative binomial with the mean that
``baseline.expected`` gives and the variance phi mean + (spread mean)^2, both robust from the
operator's own past. The last one, two, four and eight intervals are judged together, so that a loss
too small for one interval, or for a night in which little is played, is found in the next ones. The
score is -log10 of the least of their chances, times how many there are (Bonferroni).
"""

from collections.abc import Sequence
from math import log10

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Anomaly, Floats, Kind, Streak, severity, streaks
from regulator.detectors.baseline import SEASON, WEEKS, expected

LEAST = 10.0
"""Expected events of an interval below which its silence says nothing."""
SIZE = 1e-5
QUIET = 8
SPANS = (1, 2, 4, 8)
"""Intervals that are judged together."""
ODD = 0.25
"""An interval less odd than this is not part of a drop."""
LEAST_SPREAD = 0.06
"""An operator's hours vary by so much of their size at least, whatever its past shows."""
WHOLE = 0.1
"""Share of the expected below which a feed is said to have stopped, not thinned."""


def scores(
    counts: Floats, *, games: Sequence[Floats] = (), season: int = SEASON
) -> tuple[Floats, Floats]:
    """-log10 of the chance of so few events until each interval; what was expected of it.

    ``games`` are the same counts by game, one array each, where games are told apart.
    """
    due = expected(counts, games=games, season=season, grown=False)
    phi, wide = _variation(counts, due, season)
    alone = _few(counts, due, phi, wide, 1)
    least = alone
    for span in SPANS[1:]:
        least = np.fmin(least, _few(counts, due, phi, wide, span))
    chance = np.where(alone < ODD, np.minimum(len(SPANS) * least, 1.0), alone)
    told: Floats = np.where(np.isfinite(alone), -np.log10(np.maximum(chance, 1e-300)), np.nan)
    return told, due


def _variation(counts: Floats, due: Floats, season: int) -> tuple[Floats, Floats]:
    """How much more than Poisson an operator's counts vary: by sittings, and by a share of them.

    From squared deviations in the past, the medians of intervals with little and with much to
    expect: r^2 / mean = phi + spread^2 mean, at two means. One value for each interval, of all
    before it; NaN in the first seasons.
    """
    step = max(season // 7, 1)
    squares = (counts - due) ** 2 / np.maximum(due, 1e-9) / stats.chi2.median(1)
    phi, wide = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    for until in range(season, counts.shape[0], step):
        recent = slice(max(0, until - WEEKS * season), until)
        for place in range(counts.shape[1]):
            means, found = due[recent, place], squares[recent, place]
            known = np.isfinite(found) & (means >= LEAST)
            if known.sum() >= season // 2:
                part = slice(until, until + step)
                phi[part, place], wide[part, place] = _split(means[known], found[known])
    return phi, wide


def _split(means: Floats, squares: Floats) -> tuple[float, float]:
    """The two parts of the variation, from the quieter and the busier half of intervals."""
    quiet = means <= np.median(means)
    low, high = float(np.median(squares[quiet])), float(np.median(squares[~quiet]))
    little, much = float(np.median(means[quiet])), float(np.median(means[~quiet]))
    share = max((high - low) / max(much - little, 1e-9), 0.0)
    share = min(share, high / much)
    phi = max(low - share * little, high - share * much, 1.0)
    return phi, max(float(np.sqrt(share)), LEAST_SPREAD)


def _few(counts: Floats, due: Floats, phi: Floats, wide: Floats, span: int) -> Floats:
    """The chance of at most so many events in the last intervals; NaN where too few are due."""
    seen, mean = _last(np.where(np.isfinite(due), counts, np.nan), span), _last(due, span)
    usable = np.isfinite(seen) & np.isfinite(mean) & np.isfinite(phi) & (mean >= LEAST)
    found: Floats = np.full(counts.shape, np.nan)
    at = mean[usable]
    variance = np.maximum(phi[usable] * at + (wide[usable] * at) ** 2, at * (1 + 1e-6))
    found[usable] = stats.nbinom.cdf(seen[usable], at**2 / (variance - at), at / variance)
    return found


def _last(values: Floats, span: int) -> Floats:
    """Sums of the last ``span`` rows; NaN where one is missing."""
    if span == 1:
        return values
    found: Floats = np.full(values.shape, np.nan)
    view = np.lib.stride_tricks.sliding_window_view(values, span, axis=0)
    found[span - 1 :] = view.sum(axis=2)
    return found


def anomalies(
    counts: Floats, *, games: Sequence[Floats] = (), size: float = SIZE, season: int = SEASON,
    refractory: int = QUIET,
) -> list[list[Anomaly]]:  # fmt: skip
    """Of each operator the intervals in which its events are missing, a stretch told once.

    Intervals that are not a number (an announced closure) are passed over.
    """
    told, due = scores(counts, games=games, season=season)
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
    seen, wanted = float(np.nansum(counts[part])), float(np.nansum(due[part]))
    whole = seen <= WHOLE * wanted
    return Anomaly(
        kind=Kind.FEED_DROP if whole else Kind.PARTIAL_DROP, started=streak.started,
        ended=streak.ended, score=score, severity=severity(score, bound),
        evidence={"events": seen, "expected": wanted, "missing": 1 - seen / wanted},
        explanation=f"{seen:,.0f} events arrived in {streak.ended - streak.started + 1} "
        f"intervals where {wanted:,.0f} were to be expected: "
        + ("the feed stopped." if whole else f"{1 - seen / wanted:.0%} are missing."),
    )  # fmt: skip


def smallest(expected_events: float, *, wide: float, phi: float = 1.0, size: float = SIZE) -> float:
    """The smallest loss that one interval shows half the time: 1 - limit / expected."""
    variance = phi * expected_events + (wide * expected_events) ** 2
    shape = expected_events**2 / max(variance - expected_events, 1e-6 * expected_events)
    few = stats.nbinom.ppf(size / len(SPANS), shape, shape / (shape + expected_events))
    return float(1.0 - few / expected_events)
