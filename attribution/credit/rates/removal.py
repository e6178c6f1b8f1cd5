"""Counterfactual removal: what the rate of converting would lose without a touch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints, Paths
from attribution.credit.rates.fit import Rates, softplus
from attribution.credit.rates.intervals import EDGES, SPANS, Marks, days_back, mark


def incremental(paths: Paths, rates: Rates) -> Floats:
    """The part of its journey's conversion that each touch caused: (touches,), 0..1.

    With rate l at the conversion, l[-i] without touch i and l[0] without all touches that raise it,
    the touches caused 1 - l[0]/l together, and share it in proportion to 1 - l[-i]/l.
    """
    alone, together = np.zeros(paths.tokens.size), np.zeros(paths.lengths.size)
    _losses(
        paths.tokens,
        paths.offsets,
        days_back(paths),
        EDGES,
        rates.base,
        rates.coefficients.ravel(),
        np.zeros(len(paths.channels) * SPANS, dtype=np.int32),
        alone,
        together,
    )
    return shared(paths, alone, together)


def shared(paths: Paths, alone: Floats, together: Floats) -> Floats:
    """What the touches of each journey lost ``together`` (rows,), shared as they lose ``alone``."""
    if not paths.tokens.size:
        return np.zeros(0)
    sums = np.add.reduceat(alone, paths.offsets[:-1])
    scale = np.divide(together, sums, out=np.zeros_like(sums), where=sums > 0)
    parts: Floats = alone * np.repeat(scale, paths.lengths)
    return parts


@compiled
def _losses(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Floats,
    edges: Floats,
    base: float,
    coefficients: Floats,
    counts: Marks,
    alone: Floats,
    together: Floats,
) -> None:
    held = np.empty(counts.size, dtype=np.int32)
    spans = edges.size - 1
    for row in range(offsets.size - 1):
        here = slice(offsets[row], offsets[row + 1])
        seen = mark(tokens[here], ages[here], 0.0, edges, counts, held)
        total, lowest = base, base
        for place in range(seen):
            added = coefficients[held[place]] * counts[held[place]]
            total += added
            lowest += min(added, 0.0)
        whole = softplus(total)
        together[row] = 1.0 - softplus(lowest) / whole
        for at in range(offsets[row], offsets[row + 1]):
            if ages[at] >= edges[spans]:
                continue
            span = np.searchsorted(edges, ages[at], side="right") - 1
            added = max(coefficients[tokens[at] * spans + span], 0.0)
            alone[at] = 1.0 - softplus(total - added) / whole
        for place in range(seen):
            counts[held[place]] = 0
