"""Samples of models that are fitted: what the fit itself would have been, had others been seen.

Credit under weights fitted once moves too little from sample to sample (of nominal 95 % intervals
85 % hold the truth). Fitting anew to every sample would cost a run each, so the first ones are
fitted, and each channel's samples are spread by what that adds:

    credit[b] = mean + (credit under fixed weights[b] - mean) * sd(fitted anew) / sd(fixed weights),

both deviations over the samples that were fitted. Which samples are high and which low stays as it
is under fixed weights; the fit's own part is not told apart between channels. Both deviations fall
alike with the number of journeys, so 100,000 of them, drawn at random, give the ratio of more.
Source: Efron, Tibshirani (1993), "An Introduction to the Bootstrap", ch. 6 (how few samples a
standard deviation takes).
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.intervals import Draws
from attribution.credit.bootstrap.poisson import fill, fill_value
from attribution.credit.bootstrap.sampler import NULLS, Keys, Sampler
from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Paths

ENOUGH = 100_000

_THINNED = np.uint64(0xD1342543DE82EF95)


def ratios(
    sampler: Sampler,
    fixed: Callable[[Sampler], Floats],
    fitted: Callable[[Paths], Floats],
    most: int,
) -> Floats:
    """By what the uncertainty of the fit widens each channel's credit: (channels, 2).

    ``fixed`` answers the credit of samples (channels, 2, R) under the weights of one fit,
    ``fitted`` the credit (channels, 2) of journeys after fitting itself to them; so many samples at
    ``most``. 1 where nothing can be told.
    """
    few = _thinned(replace(sampler, replicates=min(most, sampler.replicates)))
    still = fixed(few).std(axis=2)
    anew = np.stack([fitted(sampled(few, number)) for number in range(few.replicates)], axis=-1)
    found: Floats = np.divide(anew.std(axis=2), still, out=np.ones_like(still), where=still > 0)
    return found


def widened(
    draws: Draws,
    sampler: Sampler,
    fixed: Callable[[Sampler], Floats],
    fitted: Callable[[Paths], Floats],
    most: int,
) -> Draws:
    """``draws`` under fixed weights with the uncertainty of the fit; a single one as it is."""
    if sampler.replicates < 2:
        return draws
    mean = draws.credit.mean(axis=2, keepdims=True)
    spread = mean + (draws.credit - mean) * ratios(sampler, fixed, fitted, most)[:, :, None]
    return replace(draws, credit=np.maximum(spread, 0.0))


def _thinned(sampler: Sampler) -> Sampler:
    """About 100,000 of the journeys, if there are more: Poisson numbers around the part kept."""
    paths = sampler.paths
    part = ENOUGH / max(paths.journeys, 1.0)
    if part >= 1:
        return sampler
    less = replace(
        sampler,
        paths=replace(
            paths,
            conversions=paths.conversions * part,
            nulls=paths.nulls * part,
            value=paths.value * part,
        ),
        keys=sampler.keys ^ _THINNED,
    )
    drawn = sampled(less, 0)
    kept = drawn.conversions + drawn.nulls > 0
    few = drawn.of(kept)
    return replace(sampler, paths=few, keys=sampler.keys[kept], deviation=sampler.deviation[kept])


def sampled(sampler: Sampler, number: int) -> Paths:
    """The journeys of sample ``number``: those that ``additive`` and ``chains`` add up."""
    paths = sampler.paths
    conversions, nulls, value = (np.zeros(paths.conversions.size) for _ in range(3))
    _sample(
        np.column_stack([paths.conversions, paths.nulls, paths.value, sampler.deviation]),
        sampler.keys,
        sampler.tables,
        np.empty((2, number + 1)),
        conversions,
        nulls,
        value,
    )
    return replace(paths, conversions=conversions, nulls=nulls, value=value)


@compiled
def _sample(
    amounts: Floats,
    keys: Keys,
    tables: NDArray[np.uint8],
    drawn: Floats,
    conversions: Floats,
    nulls: Floats,
    value: Floats,
) -> None:
    last = drawn.shape[1] - 1
    for row in range(keys.size):
        if amounts[row, 0] > 0.0:
            each = amounts[row, 2] / amounts[row, 0]
            fill(keys[row], amounts[row, 0], 0, tables, drawn[0])
            fill_value(keys[row], each, amounts[row, 3], drawn[0], 0, drawn[1])
            conversions[row], value[row] = drawn[0, last], drawn[1, last]
        if amounts[row, 1] > 0.0:
            fill(keys[row] ^ NULLS, amounts[row, 1], 0, tables, drawn[0])
            nulls[row] = drawn[0, last]
