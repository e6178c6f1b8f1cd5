"""How far two lots of binned counts are apart, and how far chance alone would take them.

All arrays are columns x ``WIDTH``; a column's row may have been counted from other rows than its
neighbour's.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from ml.drift.bins import UNKNOWN
from ml.drift.counting import Counts
from ml.features.layout import Floats

LIMIT = 0.2
"""PSI from which on a change is called major (Siddiqi 2006, "Credit Risk Scorecards", p. 137)."""
CHANCE = 0.001
"""How often chance alone may be taken for drift, of each column."""
_LEAST_SHARE = 1e-4
"""An empty bin's share, where samples are so large that half an event is less."""


def psi(then: Counts, now: Counts) -> Floats:
    """The population stability index of each column: sum of (q - p) ln(q / p) over its bins.

    The symmetric Kullback-Leibler divergence (Kullback and Leibler 1951, "J-divergence"; Siddiqi
    2006). An empty bin counts as half an event of the smaller sample. 0 where either is empty.
    """
    p, q = _shares(then), _shares(now)
    smaller = np.maximum(np.minimum(then.sum(axis=1), now.sum(axis=1)), 1)
    least = np.maximum(0.5 / smaller, _LEAST_SHARE)[:, None]
    p, q = np.maximum(p, least), np.maximum(q, least)
    found: Floats = ((q - p) * np.log(q / p)).sum(axis=1)
    return np.where(_both(then, now), found, 0.0)


def chance(then: Counts, now: Counts, *, level: float = CHANCE) -> Floats:
    """The PSI of each column that two samples of one distribution exceed with chance ``level``.

    Over B bins, of samples of n and m events, PSI / (1/n + 1/m) is about chi-squared with B - 1
    degrees of freedom (Yurdakul 2018, "Statistical properties of the population stability index").
    """
    bins = ((then + now) > 0).sum(axis=1)
    each = 1.0 / np.maximum(then.sum(axis=1), 1) + 1.0 / np.maximum(now.sum(axis=1), 1)
    found: Floats = chdtri(np.maximum(bins - 1, 1), level) * each
    return found


def ks(then: Counts, now: Counts) -> Floats:
    """The greatest difference of the two distribution functions at the bins' edges.

    The two-sample statistic of Kolmogorov and Smirnov, or a little less: between edges nothing is
    known. What is not known counts as less than every value. 0 where either is empty.
    """
    p, q = (np.cumsum(np.roll(_shares(each), 1, axis=1), axis=1) for each in (then, now))
    found: Floats = np.abs(p - q).max(axis=1, initial=0.0)
    return np.where(_both(then, now), found, 0.0)


def drifted(then: Counts, now: Counts) -> NDArray[np.bool_]:
    """Whether each column's PSI is over ``LIMIT`` and over what chance explains."""
    found = psi(then, now)
    both: NDArray[np.bool_] = (found > LIMIT) & (found > chance(then, now))
    return both


def unknown(counts: Counts) -> Floats:
    """Of each column, the share that is not known."""
    return _shares(counts)[:, UNKNOWN]


def _both(then: Counts, now: Counts) -> NDArray[np.bool_]:
    both: NDArray[np.bool_] = (then.sum(axis=1) > 0) & (now.sum(axis=1) > 0)
    return both


def _shares(counts: Counts) -> Floats:
    found: Floats = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    return found
