"""Bets that never arrive: thinned counts, missing high stakes, numbers closed up behind a hole.

Thinning. What a day should bring is the other operators' count of that day times the operator's
usual ratio to them, by weekday; a cumulative sum of log likelihood ratios for a rate of rho times
that (Lucas, Technometrics 1985, for Poisson counts),

    C = max(0, C + ((1 - rho) expected + count log rho) / phi),

phi the dispersion beyond Poisson that the learned days show. By Lorden (1971) the mean time to a
false alarm is at least exp(limit) days, so that the limit follows from what is agreed on, with no
simulation. High stakes: how many are above the operator's own earlier 99th percentile, against how
its earlier periods vary. Renumbering: events that were received under one number and are sent again
under another show how many were taken out before them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, severity

LEAST = 14
"""Days that are learned from before the first is judged."""
LEAST_EVENTS = 20
LEAST_PERIODS = 4
RHO = 0.9
WEEK = 7


@dataclass(frozen=True, kw_only=True, slots=True)
class Thinned:
    """Days of one operator: what was expected, the cumulative sum, and since when it rises."""

    expected: Floats
    score: Floats
    since: Ints
    dispersion: float


def limit(*, per_year: float = 0.5, periods: float = 365.0) -> float:
    """The limit at which an honest operator is accused at most so many times a year."""
    return log(periods / per_year)


def thinned(
    counts: Floats, operator: int, *, learned: int = 21, rho: float = RHO, first: int = 0
) -> Thinned | None:
    """Daily counts (days by operators) of one market; None where there is too little to judge.

    The first ``learned`` days are taken for honest; ``first`` is the weekday of day 0.
    """
    own = counts[:, operator]
    others = np.delete(counts, operator, axis=1).sum(axis=1)
    enough = own[:learned].sum() >= LEAST_EVENTS and (others > 0).all()
    if learned < LEAST or own.size <= learned or not enough:
        return None
    expected = _ratio(own, others, learned, first) * others
    dispersion = _dispersion(own[:learned], expected[:learned])
    steps = ((1.0 - rho) * expected + own * log(rho)) / dispersion
    score, since = np.zeros(own.size), np.arange(own.size)
    for day in range(learned, own.size):
        before_it = score[day - 1]
        score[day] = max(0.0, before_it + steps[day])
        since[day] = since[day - 1] if before_it > 0 else day
    return Thinned(expected=expected, score=score, since=since, dispersion=dispersion)


def _dispersion(own: Floats, expected: Floats) -> float:
    """How much more than a Poisson count days vary, at least 1: the upper bound of four in five.

    A few learned days know it badly, and too small a value accuses the honest.
    """
    freedom = own.size - WEEK
    pearson = float(((own - expected) ** 2 / expected).sum())
    return max(1.0, pearson / float(stats.chi2.ppf(0.2, freedom)))


def _ratio(own: Floats, others: Floats, learned: int, first: int) -> Floats:
    """The operator's usual ratio to the others, by weekday, shrunk to that of all days."""
    day = (np.arange(own.size) + first) % WEEK
    usual = own[:learned].sum() / others[:learned].sum()
    mine, theirs = (
        np.bincount(day[:learned], weights=each[:learned], minlength=WEEK) for each in (own, others)
    )
    prior = others[:learned].mean()
    ratios: Floats = (mine + usual * prior) / (theirs + prior)
    return ratios[day]


def thinning(
    counts: Floats, operator: int, *, learned: int = 21, rho: float = RHO, first: int = 0,
    per_year: float = 0.5,
) -> Anomaly | None:  # fmt: skip
    """The first alarm of one operator's counts, from where the sum began to rise until the end."""
    found = thinned(counts, operator, learned=learned, rho=rho, first=first)
    bound = limit(per_year=per_year)
    if found is None or not (found.score > bound).any():
        return None
    at = int(np.argmax(found.score > bound))
    since, end = int(found.since[at]), int(np.flatnonzero(found.score > bound)[-1])
    seen, due = counts[since : end + 1, operator].sum(), found.expected[since : end + 1].sum()
    score = float(found.score[at : end + 1].max())
    return Anomaly(
        kind=Kind.THINNING, started=since, ended=end, score=score, severity=severity(score, bound),
        evidence={
            "events": float(seen), "expected": float(due), "missing": float(1 - seen / due),
            "first_alarm": at, "dispersion": found.dispersion, "limit": bound,
        },
        explanation=f"{seen:,.0f} bets arrived where {due:,.0f} were to be expected from the other "
        f"operators' days: {1 - seen / due:.0%} are missing.",
    )  # fmt: skip


def delay(cut: float, *, events: float, dispersion: float, per_year: float = 0.5) -> float:
    """Days until a lasting share ``cut`` of missing events is found, in the mean (Wald)."""
    step = ((1.0 - RHO) + (1.0 - cut) * log(RHO)) * events / dispersion
    return limit(per_year=per_year) / step if step > 0 else float("inf")


@dataclass(frozen=True, kw_only=True, slots=True)
class HighStakes:
    """How many stakes of a period are above what the operator's past calls high."""

    above: int
    expected: float
    threshold: float
    p_value: float


def high_stakes(
    past: Sequence[Floats], now: Floats, *, quantile: float = 0.99
) -> HighStakes | None:
    """Whether high stakes are missing from a period; None where too few are to be expected.

    The share above the pooled past's quantile, as quasi-binomial: its variance is that among the
    earlier periods, never less than the binomial's; Student's t with as many periods as there are.
    """
    if len(past) < LEAST_PERIODS or now.size * (1 - quantile) < LEAST_EVENTS:
        return None
    threshold = float(np.quantile(np.concatenate(past), quantile))
    above = np.array([(each > threshold).sum() for each in past], dtype=np.float64)
    sizes = np.array([each.size for each in past], dtype=np.float64)
    share = above.sum() / sizes.sum()
    pearson = ((above - sizes * share) ** 2 / (sizes * share * (1 - share))).sum()
    dispersion = max(1.0, float(pearson) / (len(past) - 1))
    expected, seen = now.size * share, int((now > threshold).sum())
    error = sqrt(dispersion * expected * (1 - share) * (1 + now.size / sizes.sum()))
    p_value = float(stats.t.cdf((seen + 0.5 - expected) / error, len(past) - 1))
    return HighStakes(above=seen, expected=expected, threshold=threshold, p_value=p_value)


def missing_high_stakes(
    past: Sequence[Floats], now: Floats, *, size: float = 0.001
) -> Anomaly | None:
    """A finding where a period has fewer high stakes than the operator's past makes likely."""
    found = high_stakes(past, now)
    if found is None or found.p_value >= size:
        return None
    score = -log(max(found.p_value, 1e-300))
    return Anomaly(
        kind=Kind.MISSING_HIGH_STAKES, started=0, ended=0, score=score,
        severity=severity(score, -log(size)),
        evidence={
            "above": found.above, "expected": found.expected, "threshold": found.threshold,
            "p": found.p_value,
        },
        explanation=f"{found.above:,} stakes are above {found.threshold:,.0f}, where this "
        f"operator's past makes {found.expected:,.0f} likely.",
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
