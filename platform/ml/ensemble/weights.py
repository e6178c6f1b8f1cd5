"""How members' log-odds become one: a weighted sum."""

from collections.abc import Mapping

import msgspec
import numpy as np

from ml.features.layout import Floats

TREES, LAST_EVENTS, UNUSUAL, RING = "trees", "last_events", "unusual", "ring"
START: Mapping[str, float] = {TREES: 0.5, LAST_EVENTS: 0.3, UNUSUAL: 0.2, RING: 0.0}
"""What members weigh before anything is known."""


class Weights(msgspec.Struct, frozen=True, kw_only=True):
    """The log-odds of the whole are the sum of ``of`` x margin, and ``shift``."""

    of: dict[str, float]
    shift: float = 0.0

    def __call__(self, margins: Mapping[str, Floats]) -> Floats:
        """Of members' calibrated margins (n,) by name, the whole's (n,)."""
        first = next(iter(margins.values()))
        found = np.full(first.shape, self.shift)
        # One after the other, so that a row's sum is the same alone and in a batch.
        for name, weight in self.of.items():
            found = found + weight * margins[name]
        return found
