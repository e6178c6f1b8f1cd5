"""Exact Shapley values of a forest, compiled: what each feature adds to a row's log-odds.

The game of TreeSHAP (Lundberg et al. 2020, "From local explanations to global understanding with
explainable AI for trees"): a feature that is not in the coalition is decided as the training's
events were. A leaf with value v then is worth v times the product, over the features on its way, of
o (1 where the row passes, else 0) for those in the coalition and of the share z that passed for the
others. So a feature's value at a leaf is v (o - z) times a weighted sum over what the others'
polynomial, the product of (z + o t), holds at each power of t: sets of that size. One division a
feature takes it out of the product of all.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np

from ml.features.layout import Floats
from ml.trees.paths import Paths

P = ParamSpec("P")
R = TypeVar("R")
DEEPEST = 32
"""Features on the way to a leaf, at most."""


def weights(most: int) -> Floats:
    """K! (d - 1 - k)! / d! at [d, k]: how much coalitions of k others weigh among d features."""
    found = np.zeros((most + 1, most + 1))
    for d in range(1, most + 1):
        found[d, 0] = 1.0 / d
        for k in range(1, d):
            found[d, k] = found[d, k - 1] * k / (d - k)
    return found


_WEIGHTS = weights(DEEPEST)


def shapley(paths: Paths, rows: Floats) -> tuple[Floats, float]:
    """What each feature adds to each row (n x features), and what a forest says of nobody."""
    added = np.zeros(rows.shape)
    asked = (paths.features, paths.low, paths.high, paths.missing, paths.shares)
    _explain(rows, paths.starts, paths.values, asked, _WEIGHTS, added)
    return added, paths.base + float((paths.values * _shares(paths)).sum())


def _shares(paths: Paths) -> Floats:
    """The share of the training's weight that came to each leaf."""
    logs = np.concatenate([[0.0], np.cumsum(np.log(paths.shares))])
    found: Floats = np.exp(logs[paths.starts[1:]] - logs[paths.starts[:-1]])
    return found


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` in machine code, kept on disk: it depends on nothing but its arguments.

    It keeps the interpreter's lock: a row takes less than getting the lock back would.
    """
    return cast("Callable[P, R]", numba.njit(cache=True)(function))


@compiled
def _passes(value: float, low: float, high: float, missing: int) -> float:
    if np.isnan(value):
        return float(missing)
    # Nothing is above infinity: a path without an upper limit ends with it, not before.
    return 1.0 if low <= value and (value < high or high == np.inf) else 0.0


@compiled
def _times(product: Any, power: int, share: float, passed: float) -> None:
    """``product``, a polynomial of degree ``power``, times (share + passed t)."""
    product[power + 1] = product[power] * passed
    for k in range(power, 0, -1):
        product[k] = product[k] * share + product[k - 1] * passed
    product[0] *= share


@compiled
def _weighed(product: Any, size: int, share: float, passed: float, weight: Any) -> float:
    """The coefficients of ``product`` without (share + passed t), summed by ``weight``."""
    total, other = 0.0, 0.0
    for k in range(size - 1, -1, -1):
        # With t in it, a feature is divided out from the highest power down.
        other = product[k] / share if passed == 0.0 else product[k + 1] - share * other
        total += weight[k] * other
    return total


@compiled
def _explain(rows: Any, starts: Any, values: Any, asked: Any, weight: Any, added: Any) -> None:
    features, low, high, missing, shares = asked
    passed, product = np.empty(DEEPEST), np.empty(DEEPEST + 1)
    for n in range(rows.shape[0]):
        for leaf in range(values.size):
            first, size = starts[leaf], starts[leaf + 1] - starts[leaf]
            product[0] = 1.0
            for i in range(size):
                at = first + i
                passed[i] = _passes(rows[n, features[at]], low[at], high[at], missing[at])
                _times(product, i, shares[at], passed[i])
            for i in range(size):
                share = shares[first + i]
                found = _weighed(product, size, share, passed[i], weight[size])
                added[n, features[first + i]] += values[leaf] * (passed[i] - share) * found
