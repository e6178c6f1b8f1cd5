"""Linear: every touch earns the same; a channel touched twice earns twice."""

import numpy as np

from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats


def weights(length: int, params: Params) -> Floats:
    """1/length for each of ``length`` touches."""
    return np.full(length, 1.0 / length)


MODEL = Model(
    name="linear",
    title="Linear",
    formula="w[i] = 1/L",
    source="Convention of the field (Google Analytics: linear).",
    by_position=weights,
)
