"""From samples to intervals."""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaincinv

from attribution.credit.paths import Floats

LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Draws:
    """What every sample would have given: ``credit`` and ``removal``, (channels, 2, replicates)."""

    credit: Floats
    removal: Floats | None = None


def bounds(draws: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """The central ``level`` of ``draws`` along their last axis, as (low, high).

    Quantiles at k / (replicates + 1), which is what makes the interval of few replicates as wide as
    that of many (Davison, Hinkley 1997, "Bootstrap Methods and their Application", §5.2).
    """
    tail = (1 - level) / 2
    low, high = np.quantile(draws, (tail, 1 - tail), axis=-1, method="weibull")
    return low, high


def amount_bounds(amounts: Floats, draws: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Interval of each amount (channels,), conversions or value, from its draws (channels, R)."""
    variance = draws.var(axis=-1, ddof=1) if draws.shape[-1] > 1 else amounts.copy()
    return gamma_bounds(amounts, variance, level)


def gamma_bounds(amounts: Floats, variance: Floats, level: float = LEVEL) -> tuple[Floats, Floats]:
    """Interval of each amount (channels,) from its variance.

    An amount of credit is a weighted sum of Poisson counts, and the quantiles of its samples say
    nothing of a channel seen once or never. The gamma interval does: with mean y and variance v of
    an amount, and w = sum(v)/sum(y), what one more conversion typically adds,

        low = quantile of Gamma(mean y, variance v),
        high = quantile of Gamma(mean y + w, variance v + w^2).

    It is the exact Poisson interval for plain counts, and near the quantiles for large ones.
    Sources: Fay, Feuer (1997), "Confidence intervals for directly standardized rates",
    Statistics in Medicine 16(7); the choice of w: Tiwari, Clegg, Zou (2006), "Efficient interval
    estimation for age-adjusted cancer rates", Statistical Methods in Medical Research 15(6).
    """
    total = amounts.sum()
    more = variance.sum() / total if total > 0 else 0.0
    low = _gamma(amounts, variance, (1 - level) / 2)
    high = _gamma(amounts + more, variance + more**2, (1 + level) / 2)
    return np.minimum(low, amounts), np.maximum(high, amounts)


def _gamma(mean: Floats, variance: Floats, probability: float) -> Floats:
    """Quantiles of gamma distributions; the mean itself where there is no variance."""
    spread = (mean > 0) & (variance > 0)
    found = np.where(mean > 0, mean, 0.0)
    shape = mean[spread] ** 2 / variance[spread]
    found[spread] = gammaincinv(shape, probability) * variance[spread] / mean[spread]
    return found
