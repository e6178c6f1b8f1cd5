"""First touch: the touch that began the journey earns all of it."""

import numpy as np

from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats


def weights(length: int, params: Params) -> Floats:
    """1 for the first of ``length`` touches, 0 for the others."""
    found: Floats = np.eye(1, length)[0]
    return found


MODEL = Model(
    name="first",
    title="First touch",
    formula="w[1] = 1, w[i] = 0",
    source="Convention of the field (Google Analytics: first interaction).",
    by_position=weights,
)
