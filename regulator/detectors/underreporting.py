"""Revenue that is stated too low: an operator's hold against its own past and its market's.

For each of several windows of w weeks that end now, the hold (revenue by handle) is compared with
what the weeks before the window make likely: h = a + b m + e, least squares over at most 104 weeks,
where m is the market's surprise of that week (other operators' robust z-scores, weighted by their
usual handle: results of matches strike all books at once), b at least 0. The score is the mean
shortfall in the window by its standard error,

    score = mean(expected - h) / (s sqrt(1/w + 1/k)),

k the weeks learned from; the largest of the windows counts (a generalised likelihood ratio matched
to windows: Lai, JRSS B 1995). The weeks in the window are never learned from, so that a long fraud
does not become its own norm. Weeks beyond three robust deviations count as three (Huber): a lucky
week of a small book says little.

The limit is set on weeks without fraud for an agreed number of false alarms a year; an alarm is
followed by a refractory half year, in which it is one case and not several.

Weekly totals hide under-reporting well (a tenth of revenue is a quarter of one standard deviation
of a large book's week): this is the second line, behind exact checks of every bet.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import NamedTuple

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Anomaly, Floats, Ints, Kind, severity

LEAST = 40
"""Weeks before the window below which nothing is said."""
LEARNED = 104
WINDOWS = (13, 26, 39)
REFRACTORY = 26
CLIP = 3.0
YEAR = 52.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Panel:
    """Weeks (rows) by operators (columns) of one market; NaN where none was stated."""

    handle: Floats
    revenue: Floats

    def hold(self) -> Floats:
        """Revenue by handle; NaN where either is missing or nothing was staked."""
        found: Floats = np.full(self.handle.shape, np.nan)
        np.divide(self.revenue, self.handle, out=found, where=self.handle > 0)
        return found


class Compared(NamedTuple):
    """One window against the weeks before it."""

    score: float
    shortfall: float
    """Of the hold, in the window's mean: expected minus stated."""
    expected: float
    deviation: float


def scores(
    panel: Panel, operator: int, *, windows: Sequence[int] = WINDOWS, first: int = 0,
    last: int | None = None,
) -> Floats:  # fmt: skip
    """The score of each week from ``first`` until before ``last``; NaN where it has none.

    Weeks in which the operator stated nothing are passed over: windows are of weeks it did.
    """
    hold, usual = panel.hold(), panel.handle
    weeks = np.flatnonzero(np.isfinite(hold[:, operator]))
    own, others = hold[weeks, operator], np.delete(hold[weeks], operator, axis=1)
    sizes = np.delete(usual[weeks], operator, axis=1)
    found: Floats = np.full(hold.shape[0], np.nan)
    for place, week in enumerate(weeks):
        if not first <= week < (hold.shape[0] if last is None else last):
            continue
        told = [
            compare(own, others, sizes, end=place + 1, window=each).score
            for each in windows
            if place + 1 >= each + LEAST
        ]
        found[week] = max(told, default=np.nan)
    return found


def compare(own: Floats, others: Floats, sizes: Floats, *, end: int, window: int) -> Compared:
    """The window of weeks that ends before ``end`` against at most 104 weeks before it."""
    past, now = slice(max(0, end - window - LEARNED), end - window), slice(end - window, end)
    low, high = _bounds(own[past])
    learned, seen = np.clip(own[past], low, high), np.clip(own[now], low, high)
    market, lately = _surprise(others[past], others[now], sizes[past])
    deviations = market - market.mean()
    slope = (deviations * (learned - learned.mean())).sum() / ((deviations**2).sum() + 1.0)
    slope = max(float(slope), 0.0)
    residual = learned - learned.mean() - slope * deviations
    expected = learned.mean() + slope * (lately - market.mean())
    spread = max(float(residual.std()), 1e-9)
    shortfall = float((expected - seen).mean())
    error = spread * sqrt(1.0 / window + 1.0 / learned.size)
    return Compared(shortfall / error, shortfall, float(expected.mean()), spread)


def _bounds(values: Floats) -> tuple[float, float]:
    """The median and three robust deviations to either side."""
    middle = float(np.median(values))
    spread = CLIP * max(1.4826 * float(np.median(np.abs(values - middle))), 1e-9)
    return middle - spread, middle + spread


def _surprise(past: Floats, now: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """How the market held against its norm in the weeks before and in the window, in deviations."""
    known = np.isfinite(past).sum(axis=0) >= min(LEAST, past.shape[0]) * 0.875
    if not known.any():
        return np.zeros(past.shape[0]), np.zeros(now.shape[0])
    past, now, sizes = past[:, known], now[:, known], sizes[:, known]
    middle = np.nanmedian(past, axis=0)
    spread = np.maximum(1.4826 * np.nanmedian(np.abs(past - middle), axis=0), 1e-9)
    weights = np.nanmedian(sizes, axis=0)
    weights = weights / weights.sum()
    before, lately = (
        np.nan_to_num(np.clip((each - middle) / spread, -CLIP, CLIP)) @ weights
        for each in (past, now)
    )
    return before, lately


def alarms(told: Floats, limit: float, *, refractory: int = REFRACTORY) -> list[int]:
    """Weeks in which an alarm is raised: above the limit, and none in the weeks before."""
    found: list[int] = []
    for week in np.flatnonzero(np.nan_to_num(told, nan=-np.inf) > limit):
        if not found or week - found[-1] >= refractory:
            found.append(int(week))
    return found


def calibrate(
    clean: Sequence[Floats], *, per_year: float = 0.5, refractory: int = REFRACTORY
) -> float:
    """The least limit at which series without fraud raise at most so many alarms a year each."""
    years = sum(int(np.isfinite(each).sum()) for each in clean) / YEAR
    for limit in np.arange(0.0, 8.0, 0.02):
        raised = sum(len(alarms(each, float(limit), refractory=refractory)) for each in clean)
        if raised <= per_year * years:
            return float(limit)
    return 8.0


def power(
    cut: float, *, weeks: int, variation: float, limit: float, learned: int = LEARNED
) -> float:
    """The chance that after ``weeks`` weeks with a share ``cut`` withheld the score is above.

    ``variation`` is the weekly hold's deviation, beyond what the market explains, by its mean.
    """
    shift = cut / variation / sqrt(1.0 / weeks + 1.0 / learned)
    return float(stats.norm.sf(limit - shift))


def anomalies(
    panel: Panel, operator: int, limit: float, *, refractory: int = REFRACTORY
) -> list[Anomaly]:
    """Alarms of one operator: since when its hold is short, by how much, and of how much money."""
    told = scores(panel, operator)
    hold = panel.hold()
    weeks = np.flatnonzero(np.isfinite(hold[:, operator]))
    return [
        _told(panel, operator, weeks[weeks <= week], float(told[week]), limit)
        for week in alarms(told, limit, refractory=refractory)
    ]


def _told(panel: Panel, operator: int, weeks: Ints, score: float, limit: float) -> Anomaly:
    hold, end = panel.hold()[weeks], weeks.size
    own, others = hold[:, operator], np.delete(hold, operator, axis=1)
    sizes = np.delete(panel.handle[weeks], operator, axis=1)
    held = {
        each: compare(own, others, sizes, end=end, window=each)
        for each in WINDOWS
        if end >= each + LEAST
    }
    window = max(held, key=lambda each: held[each].score)
    best, rows = held[window], weeks[-window:]
    money = best.shortfall * float(panel.handle[rows, operator].sum())
    variation = best.deviation / max(best.expected, 1e-9)
    return Anomaly(
        kind=Kind.UNDER_REPORTING, started=int(rows[0]), ended=int(rows[-1]), score=score,
        severity=severity(score, limit),
        evidence={
            "weeks": window, "expected_hold": best.expected, "shortfall": best.shortfall,
            "money": money, "limit": limit,
            "power_for_a_tenth": power(0.1, weeks=window, variation=variation, limit=limit),
        },
        explanation=f"In the {window} weeks until now {best.expected - best.shortfall:.2%} of "
        f"stakes stayed with the operator, where its past and its market make {best.expected:.2%} "
        f"likely: about {money:,.0f} less revenue than expected.",
    )  # fmt: skip
