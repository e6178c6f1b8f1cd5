"""Last touch: the touch before the conversion earns all of it."""

import numpy as np

from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats


def weights(length: int, params: Params) -> Floats:
    """1 for the last of ``length`` touches, 0 for the others."""
    found: Floats = np.eye(1, length, length - 1)[0]
    return found


MODEL = Model(
    name="last",
    title="Last touch",
    formula="w[L] = 1, w[i] = 0",
    source="Convention of the field (Google Analytics: last interaction).",
    by_position=weights,
)
