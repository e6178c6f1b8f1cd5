"""How far credit would move had other journeys been seen: a Poisson bootstrap."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Paths

_EDGES = (0.025, 0.975)


def intervals(
    paths: Paths, statistic: Callable[[Paths], Floats], replicates: int, seed: int
) -> tuple[Floats | None, Floats | None]:
    """95 % percentile bounds of ``statistic`` over ``replicates`` samples; (None, None) for 0.

    The journey is the unit: in a sample a row's conversions and nulls are drawn from Poisson
    distributions around the observed ones, each by itself, and value follows the conversions. Every
    sample evaluates the model afresh, on the codes: parsing isn't repeated, everything else is.
    Source: Hanley, MacGibbon (2006), Creating non-parametric bootstrap samples using Poisson
    frequencies, Computer Methods and Programs in Biomedicine 83(1).
    """
    if replicates < 0:
        raise CreditError("replicates must be a whole number of at least 0.")
    if not replicates:
        return None, None
    rng = np.random.default_rng(seed)
    drawn = np.stack([statistic(_sample(paths, rng)) for _ in range(replicates)])
    low, high = np.quantile(drawn, _EDGES, axis=0)
    return low, high


def _sample(paths: Paths, rng: np.random.Generator) -> Paths:
    conversions = rng.poisson(paths.conversions).astype(np.float64)
    nulls = rng.poisson(paths.nulls).astype(np.float64)
    each = np.divide(
        paths.value, paths.conversions, out=np.zeros_like(paths.value), where=paths.conversions > 0
    )
    return replace(paths, conversions=conversions, nulls=nulls, value=each * conversions)
