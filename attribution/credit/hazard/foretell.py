"""The rate at any moment, for whoever judges the fit by journeys it has not seen."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.hazard.fit import Hazard, ages_of
from attribution.credit.paths import Floats, Ints, Paths


def at_moments(hazard: Hazard, paths: Paths, row: Ints, age: Floats) -> Floats:
    """Conversions per day of a person ``age`` days before the end of each ``row``: (moments,)."""
    out = np.empty(row.size)
    _rates(
        paths.tokens, paths.offsets, ages_of(paths), hazard.beta * hazard.omega, hazard.omega,
        row, age, out,
    )  # fmt: skip
    found: Floats = hazard.mu + out
    return found


@compiled
def _rates(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Floats,
    height: Floats,
    omega: Floats,
    row: Ints,
    age: Floats,
    out: Floats,
) -> None:
    for number in range(row.size):
        out[number] = 0.0
        for at in range(offsets[row[number]], offsets[row[number] + 1]):
            lag = ages[at] - age[number]
            if lag >= 0.0:
                out[number] += height[tokens[at]] * np.exp(-omega[tokens[at]] * lag)
