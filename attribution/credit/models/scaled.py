"""Models that credit less than every conversion, scaled up to all of them.

What touches caused leaves conversions that nothing caused. So that such a model can stand beside
those that share out everything, its credit is scaled to the total: each channel's share of what was
caused, of all that happened.
"""

import numpy as np

from attribution.credit.bootstrap import additive
from attribution.credit.bootstrap.sampler import Sampler
from attribution.credit.models.base import Outcome, spread, weighted
from attribution.credit.paths import Floats, Paths


def equal(paths: Paths) -> Floats:
    """Equal parts of every journey: (touches,)."""
    return spread(paths, lambda length: np.full(length, 1 / length))


def parts(paths: Paths, weights: Floats) -> Floats:
    """``weights`` (touches,) scaled so that what they give of conversions is all of them."""
    caused = float((weights * np.repeat(paths.conversions, paths.lengths)).sum())
    return weights * (paths.total_conversions / caused) if caused > 0 else weights


def outcome(paths: Paths, weights: Floats) -> Outcome:
    """Credit under ``weights`` (touches,), scaled to all conversions and to all value."""
    found = weighted(paths, weights).credit
    sums, totals = found.sum(axis=0), np.array([paths.total_conversions, paths.total_value])
    return Outcome(credit=found * _scale(sums, totals))


def samples(sampler: Sampler, weights: Floats) -> Floats:
    """The same for every bootstrap sample: (channels, 2, replicates)."""
    found = additive.credit(sampler, weights)
    sums = found.sum(axis=0)
    totals = additive.credit(sampler, equal(sampler.paths)).sum(axis=0)
    return found * _scale(sums, totals)


def usable(paths: Paths, weights: Floats) -> Floats:
    """``weights``, or equal parts where they give nothing to any conversion (hardly any data).

    So that there is something to scale.
    """
    converting = np.repeat(paths.conversions > 0, paths.lengths)
    return weights if weights[converting].sum() > 0 else equal(paths)


def _scale(sums: Floats, totals: Floats) -> Floats:
    scale: Floats = np.divide(totals, sums, out=np.zeros_like(sums), where=sums > 0)
    return scale
