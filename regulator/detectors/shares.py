"""A share that changes for good: a cumulative sum over days, its limit without simulation.

Of a day's n things k are of a kind; p is usual of the learned days, q the share it is looked for.
The sum of log likelihood ratios of binomials (Page, Biometrika 1954),

    C = max(0, C + (k log(q / p) + (n - k) log((1 - q) / (1 - p))) / phi),

phi how much more than binomials learned days vary; p is moved two of its standard errors towards
q, for the learned days know it only so well. By Lorden (1971) the mean time to a false alarm
is at least exp(limit) days, so that the limit follows from what is agreed on.
"""

from dataclasses import dataclass
from math import log, sqrt

import numpy as np
from scipy import stats

from regulator.detectors.anomaly import Floats, Ints


@dataclass(frozen=True, kw_only=True, slots=True)
class Changed:
    """A share that changed: since which day, in which it was first above the limit, and the last.

    ``usual`` and ``share`` are those of the learned days and of the days since.
    """

    started: int
    alarm: int
    ended: int
    score: float
    limit: float
    usual: float
    share: float


def limit(*, per_year: float = 0.5, periods: float = 365.0) -> float:
    """The limit at which an honest operator is accused at most so many times a year."""
    return log(periods / per_year)


def cumulated(steps: Floats, learned: int, bound: float) -> tuple[Floats, Ints]:
    """The cumulative sum from the first judged day on, and since when it rises.

    No step counts for more than a third of the bound, so that no single day accuses; what is not a
    number counts for nothing.
    """
    steps = np.minimum(np.nan_to_num(steps), bound / 3)
    score, since = np.zeros(steps.size), np.arange(steps.size)
    for day in range(learned, steps.size):
        before_it = score[day - 1]
        score[day] = max(0.0, before_it + steps[day])
        since[day] = since[day - 1] if before_it > 0 else day
    return score, since


def usual(kind: Floats, total: Floats, learned: int) -> float:
    """The share in the learned days, within bounds that logarithms bear."""
    share = float(np.nansum(kind[:learned])) / max(float(np.nansum(total[:learned])), 1.0)
    return min(max(share, 1e-5), 0.5)


def changed(
    kind: Floats, total: Floats, wanted: float, *, learned: int, per_year: float
) -> Changed | None:
    """The first alarm of a share that is looked for at ``wanted``, until its last day above."""
    p, bound = usual(kind, total, learned), limit(per_year=per_year)
    phi = dispersion(kind[:learned], total[:learned], p)
    error = 2.0 * sqrt(phi * p * (1.0 - p) / max(float(np.nansum(total[:learned])), 1.0))
    near = min(p + error, (p + wanted) / 2) if wanted > p else max(p - error, (p + wanted) / 2)
    gain = kind * log(wanted / near) + (total - kind) * log((1.0 - wanted) / (1.0 - near))
    score, since = cumulated(gain / phi, learned, bound)
    if not (score > bound).any():
        return None
    at, end = int(np.argmax(score > bound)), int(np.flatnonzero(score > bound)[-1])
    start = int(since[at])
    part = slice(start, end + 1)
    return Changed(
        started=start, alarm=at, ended=end, score=float(score.max()), limit=bound, usual=p,
        share=float(np.nansum(kind[part]) / max(np.nansum(total[part]), 1.0)),
    )  # fmt: skip


def dispersion(kind: Floats, total: Floats, share: float) -> float:
    """How much more than binomials days vary, at least 1: the upper bound of four in five."""
    known = total > 0
    due = total[known] * share
    pearson = float(((kind[known] - due) ** 2 / (due * (1.0 - share))).sum())
    return max(1.0, pearson / float(stats.chi2.ppf(0.2, max(int(known.sum()) - 1, 1))))
