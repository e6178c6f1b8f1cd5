"""From samples to intervals."""

from dataclasses import dataclass

import numpy as np

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
