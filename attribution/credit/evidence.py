"""How many journeys a channel's figures stand on."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints, Paths


def evidence(paths: Paths) -> Floats:
    """Per channel the converting journeys, and all journeys, that touched it: (channels, 2)."""
    out = np.zeros((len(paths.channels), 2))
    _count(paths.tokens, paths.offsets, paths.conversions, paths.nulls, out)
    return out


@compiled
def _count(
    tokens: NDArray[Any], offsets: Ints, conversions: Floats, nulls: Floats, out: Floats
) -> None:
    seen = np.full(out.shape[0], -1, np.int64)
    for row in range(offsets.size - 1):
        for at in range(offsets[row], offsets[row + 1]):
            channel = tokens[at]
            if seen[channel] != row:
                seen[channel] = row
                out[channel, 0] += conversions[row]
                out[channel, 1] += conversions[row] + nulls[row]
