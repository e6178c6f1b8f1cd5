"""Bets that never arrive: thinned counts, missing high stakes, numbers closed up behind a hole.

Thinning. What a day should bring is the operator's usual count of that weekday times how the other
operators stand beside theirs, game by game where games are told apart (a day of matches moves all
who take bets on them and nobody else). Usual is the median of the learned days and how others stand
is the median of the others, so that one promotion or one operator that cheats bends neither. The
logarithms y of what came by what was expected are then

    y(day) = a + b [day >= since] + trend + mood + noise,

a trend of two hundredths a month either way (operators grow apart), a mood that goes by six tenths
from day to day, and noise; b is estimated by generalised least squares for every day it may have
begun on, and the score is the largest of -b by its standard error, a generalised likelihood ratio
(Willsky & Jones, IEEE Trans. Automatic Control 1976; Lai, JRSS B 1995; for a trend that is known
it is the cumulative sum). Days above what is expected count for at most 1.5 deviations, so that a
promotion does not make up for what is missing, and days below for at most 4, so that a feed that
stops for a day is another finding. Nothing after a day is used for its score.

High stakes: how many of each day's are above the operator's own earlier 99th percentile, by the
cumulative sum of ``shares``. Renumbering: events that were
received under one number and are sent again under another show how many were taken out before them.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy import linalg, stats

from regulator.detectors import shares
from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, severity

LEAST = 14
"""Days that are learned from before the first is judged."""
LEAST_EVENTS = 20
LEAST_PERIODS = 4
LEAST_DAYS = 14
"""Days that must be short before anything is said."""
PER_YEAR = 0.1
"""False alarms of an honest operator a year, in name; see ``limit``."""
TREND = 0.02
"""How far operators grow apart in thirty days, as a standard deviation."""
MOOD, LASTS = 0.5, 0.6
"""The share of a day's variance that is mood, and how much of it the next day still has."""
HIGH = 0.5
"""What is left of the high stakes where their missing is looked for."""
WEEK = 7
_FEWEST = 2
"""Other operators of a game below which all games are looked at together."""
_ABOVE, _BELOW = 1.5, 4.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Thinned:
    """Days of one operator: what was expected, the score of each, and since when it is short.

    ``deviation`` is that of an ordinary day, as a share of what is expected.
    """

    expected: Floats
    score: Floats
    since: Ints
    deviation: float


def limit(*, per_year: float = PER_YEAR, periods: float = 365.0) -> float:
    """The score that an honest operator exceeds so many times a year, were its days normal.

    A normal deviate's among six tries a day: a score is the largest over the days a fall may have
    begun on. Real days are not normal: on simulated markets, with promotions and operators that
    grow apart, a nominal 0.1 a year was 0.3.
    """
    return float(stats.norm.isf(per_year / periods / 6))


def thinned(
    counts: Floats, operator: int, *, games: Sequence[Floats] = (), learned: int = 21,
    first: int = 0,
) -> Thinned | None:  # fmt: skip
    """Daily counts (days by operators) of one market; None where there is too little to judge.

    ``games`` are the same counts by game, one array each. The first ``learned`` days are taken for
    honest; ``first`` is the weekday of day 0. Days that are not a number are passed over.
    """
    own = counts[:, operator]
    enough = np.nansum(own[:learned]) >= LEAST_EVENTS * learned and counts.shape[1] > _FEWEST
    if learned < LEAST or own.size <= learned or not enough:
        return None
    day = (np.arange(own.size) + first) % WEEK
    dues = _dues(tuple(games) or (counts,), learned, day)
    deviation = _variation(counts[:learned], dues[:learned], operator)
    apart = _log(own) - np.log(dues[:, operator] + 0.5)
    apart = np.nan_to_num(np.clip(apart, -_BELOW * deviation, _ABOVE * deviation))
    score, since = _fallen(apart, deviation, learned)
    return Thinned(expected=dues[:, operator], score=score, since=since, deviation=deviation)


def _fallen(apart: Floats, deviation: float, learned: int) -> tuple[Floats, Ints]:
    """For each day the largest score of a fall since an earlier one, and since which."""
    days = np.arange(apart.size)
    lag = np.abs(days[:, None] - days)
    own = deviation**2 * (MOOD * LASTS**lag + (1.0 - MOOD) * (lag == 0))
    trend = (TREND / 30) ** 2 * np.outer(days, days)
    root = linalg.cholesky(own + trend, lower=True)
    steps = (days[:, None] >= np.arange(learned, apart.size)).astype(np.float64)
    # Whitening by a lower triangle is causal: its first rows know nothing of later days.
    white = linalg.solve_triangular(root, np.column_stack([apart, np.ones(apart.size), steps]),
                                    lower=True)  # fmt: skip
    y, one, step = white[:, :1], white[:, 1:2], white[:, 2:]
    yy, oo, ys, os_, ss = (
        np.cumsum(each, axis=0) for each in (y * one, one**2, y * step, one * step, step**2)
    )
    known = ss - os_**2 / oo
    fall = np.where(known > 1e-9, -(ys - os_ * yy / oo) / np.sqrt(np.maximum(known, 1e-9)), 0.0)
    late = np.arange(learned, apart.size)
    fall[days[:, None] < late + LEAST_DAYS - 1] = 0.0
    return fall.max(axis=1), late[fall.argmax(axis=1)]


def _dues(games: Sequence[Floats], learned: int, day: Ints) -> Floats:
    """What each day should bring each operator, game by game: (days, operators)."""
    together = _standing(np.sum(games, axis=0), learned, day)
    found = np.zeros(games[0].shape)
    for values in games:
        index = _standing(values, learned, day)
        index = np.nan_to_num(np.where(np.isfinite(index).any(axis=0), index, together))
        due = np.exp(_usual(_log(values) - index, learned, day) + index)
        found += np.where(np.nansum(values[:learned], axis=0) > 0, due, 0.0)
    return found


def _standing(values: Floats, learned: int, day: Ints) -> Floats:
    """How the others of each operator stand beside what is usual of them, logarithm.

    All of an operator's days are NaN where too few others are large enough.
    """
    apart = _log(values) - _usual(_log(values), learned, day)
    large = np.nansum(values[:learned], axis=0) >= LEAST_EVENTS * learned
    found = np.full(values.shape, np.nan)
    for place in range(values.shape[1]):
        others = np.delete(apart, place, axis=1)[:, np.delete(large, place)]
        if others.shape[1] >= _FEWEST:
            found[:, place] = np.nan_to_num(_middle(others, 1))
    return found


def _usual(values: Floats, learned: int, day: Ints) -> Floats:
    """The median of the learned days of the same weekday."""
    known = values[:learned]
    usual = np.stack([_middle(known[day[:learned] == each], 0) for each in range(WEEK)])
    found: Floats = usual[day]
    return found


def _middle(values: Floats, axis: int) -> Floats:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # all missing: the median is missing too
        found: Floats = np.nanmedian(values, axis=axis)
    return found


def _log(counts: Floats) -> Floats:
    found: Floats = np.log(np.maximum(counts, 0.0) + 0.5)
    return found


def _variation(counts: Floats, dues: Floats, operator: int) -> float:
    """By what share of its size an operator's day varies.

    Deviations downwards only, for promotions are no noise. A few learned days know it badly: the
    operator's own variance and what is usual in its market count alike (empirical Bayes).
    """
    apart = np.minimum((counts - dues) / dues, 0.0)
    own = np.maximum(2.0 * np.nansum(apart**2, axis=0) / (counts.shape[0] - WEEK), 1e-4)
    usual = float(np.nanmedian(own))
    return sqrt((usual + min(float(own[operator]), 9.0 * usual)) / 2.0)


def thinning(
    counts: Floats, operator: int, *, games: Sequence[Floats] = (), learned: int = 21,
    first: int = 0, per_year: float = PER_YEAR,
) -> Anomaly | None:  # fmt: skip
    """The first alarm of one operator's counts, from the day it is short since until the last."""
    found = thinned(counts, operator, games=games, learned=learned, first=first)
    bound = limit(per_year=per_year)
    if found is None or not (found.score > bound).any():
        return None
    at, end = int(np.argmax(found.score > bound)), int(np.flatnonzero(found.score > bound)[-1])
    peak = int(np.argmax(found.score))
    since = int(found.since[peak])
    part = np.flatnonzero(np.isfinite(counts[: end + 1, operator]))
    part = part[part >= since]
    seen, due = float(counts[part, operator].sum()), float(found.expected[part].sum())
    score = float(found.score[peak])
    return Anomaly(
        kind=Kind.THINNING, started=since, ended=max(end, since), score=score,
        severity=severity(score, bound),
        evidence={
            "events": seen, "expected": due, "missing": 1 - seen / due, "first_alarm": at,
            "deviation": found.deviation, "limit": bound,
        },
        explanation=f"{seen:,.0f} bets arrived where {due:,.0f} were to be expected from the other "
        f"operators' days: {1 - seen / due:.0%} are missing.",
    )  # fmt: skip


def delay(cut: float, *, deviation: float, per_year: float = PER_YEAR, learned: int = 21) -> float:
    """Days until a lasting share ``cut`` of missing events is found half the time.

    ``deviation`` is an ordinary day's; infinite where a year is too short. The error of the fall
    after n days is that of two means of lasting days, and the trend that lies between them.
    """
    lasting, bound = MOOD * (1 + LASTS) / (1 - LASTS) + 1 - MOOD, limit(per_year=per_year)
    for days in range(LEAST_DAYS, 366):
        apart = TREND / 30 * (learned + days) / 2
        error = sqrt(lasting * deviation**2 * (1 / learned + 1 / days) + apart**2)
        if -log(1 - cut) >= bound * error:
            return float(days)
    return float("inf")


def high_days(
    high: Floats, stakes: Floats, *, learned: int = 21, per_year: float = PER_YEAR
) -> Anomaly | None:
    """A finding where high stakes are missing among one operator's stakes, from a day on.

    ``high``: how many of each day's ``stakes`` are above a threshold of their game that the learned
    days give (their 99th percentile).
    """
    enough = np.nansum(high[:learned]) >= LEAST_EVENTS * LEAST_PERIODS
    if learned < LEAST or high.size <= learned or not enough:
        return None
    wanted = HIGH * shares.usual(high, stakes, learned)
    told = shares.changed(high, stakes, wanted, learned=learned, per_year=per_year)
    if told is None:
        return None
    return Anomaly(
        kind=Kind.MISSING_HIGH_STAKES, started=told.started, ended=told.ended, score=told.score,
        severity=severity(told.score, told.limit),
        evidence={
            "share": told.share, "usual": told.usual, "missing": 1 - told.share / told.usual,
            "first_alarm": told.alarm, "limit": told.limit,
        },
        explanation=f"{told.share:.2%} of stakes are high ones, where {told.usual:.2%} are usual "
        f"of this operator: {1 - told.share / told.usual:.0%} of its high stakes are missing.",
    )  # fmt: skip


def renumbered(before: Mapping[str, int], now: Mapping[str, int]) -> Anomaly | None:
    """Events that were received under one number and are sent again under another.

    Numbers that moved down by the same step as their neighbours were closed up behind a hole: the
    largest step is how many events were taken out.
    """
    moved = {
        number: number - now[event]
        for event, number in before.items()
        if event in now and now[event] != number
    }
    if not moved:
        return None
    taken = max(moved.values())
    gone = sum(1 for event in before if event not in now)
    return Anomaly(
        kind=Kind.RENUMBERED, started=min(moved), ended=max(moved), score=float(len(moved)),
        severity=1.0 if taken > 0 else 0.5,
        evidence={"moved": len(moved), "taken_out": max(taken, 0), "not_sent_again": gone},
        explanation=f"{len(moved):,} events were received under one number and sent again under "
        + (
            f"another, up to {taken:,} lower: that many were taken out before them."
            if taken > 0 else "a higher one: others were put in before them."
        ),
    )  # fmt: skip
