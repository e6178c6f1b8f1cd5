"""Samples of models whose credit is a sum over journeys."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.poisson import fill, fill_value
from attribution.credit.bootstrap.sampler import Keys, Sampler
from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints


def credit(sampler: Sampler, weights: Floats) -> Floats:
    """Credit in every sample under per-touch ``weights``: (channels, 2, replicates)."""
    paths = sampler.paths
    out = np.zeros((len(paths.channels), 2, sampler.replicates))
    _credit(
        paths.tokens,
        paths.offsets,
        paths.conversions,
        paths.value,
        sampler.deviation,
        sampler.keys,
        weights,
        sampler.tables,
        out,
    )
    return out


@compiled
def _credit(
    tokens: NDArray[Any],
    offsets: Ints,
    conversions: Floats,
    value: Floats,
    deviation: Floats,
    keys: Keys,
    weights: Floats,
    tables: NDArray[np.uint8],
    out: Floats,
) -> None:
    size = out.shape[2]
    counts, worth = np.empty(size), np.empty(size)
    for row in range(offsets.size - 1):
        if conversions[row] == 0.0:
            continue
        fill(keys[row], conversions[row], 0, tables, counts)
        fill_value(keys[row], value[row] / conversions[row], deviation[row], counts, 0, worth)
        for at in range(offsets[row], offsets[row + 1]):
            weight = weights[at]
            if weight == 0.0:
                continue
            mine = out[tokens[at]]
            for replicate in range(size):
                mine[0, replicate] += weight * counts[replicate]
                mine[1, replicate] += weight * worth[replicate]
