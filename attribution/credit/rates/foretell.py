"""The rate at any moment, for whoever judges the fit by journeys it has not seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.held_out import Moments
from attribution.credit.paths import Floats, Ints, Paths
from attribution.credit.rates.fit import Rates
from attribution.credit.rates.intervals import EDGES, SPANS, Marks, days_back, mark


def at_moments(rates: Rates, paths: Paths, at: Moments) -> Floats:
    """Conversions per day of a person at each moment: (moments,)."""
    out = np.empty(at.row.size)
    counts = np.zeros(len(paths.channels) * SPANS, dtype=np.int32)
    _rates(
        paths.tokens, paths.offsets, days_back(paths), EDGES, rates.coefficients.ravel(), counts,
        at.row, at.age, out,
    )  # fmt: skip
    found: Floats = rates.unit * np.logaddexp(0.0, rates.base + out)
    return found


@compiled
def _rates(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Floats,
    edges: Floats,
    coefficients: Floats,
    counts: Marks,
    row: Ints,
    age: Floats,
    out: Floats,
) -> None:
    held = np.empty(counts.size, dtype=np.int32)
    for number in range(row.size):
        here = slice(offsets[row[number]], offsets[row[number] + 1])
        seen = mark(tokens[here], ages[here], age[number], edges, counts, held)
        out[number] = 0.0
        for place in range(seen):
            feature = held[place]
            out[number] += coefficients[feature] * counts[feature]
            counts[feature] = 0
