"""Order-aware Shapley: what a channel earns at each place of a journey.

The players are the channels; a journey's conversion is shared equally between its distinct channels
(the closed form of the Shapley value), and a channel's part equally between the places where it was
touched. Summed over places it is the Shapley value of the channel, so as a model it adds nothing
but its places: ``by_place`` gives them.
"""

import numpy as np

from attribution.credit.models import shapley
from attribution.credit.models.base import Model
from attribution.credit.paths import Floats, Paths


def by_place(paths: Paths, places: int) -> Floats:
    """Credit of each channel at the first ``places`` touches: (channels, places + 1, 2).

    The last place holds all later touches; conversions and value. One pass, linear in touches.
    """
    weights = shapley.weights(paths, shapley.MODEL.defaults)
    rank = np.arange(paths.tokens.size) - np.repeat(paths.offsets[:-1], paths.lengths)
    cell = paths.tokens.astype(np.int64) * (places + 1) + np.minimum(rank, places)
    size = len(paths.channels) * (places + 1)
    amounts = [
        np.bincount(cell, weights * np.repeat(column, paths.lengths), size)
        for column in (paths.conversions, paths.value)
    ]
    found: Floats = np.stack(amounts, axis=-1).astype(np.float64)
    return found.reshape(len(paths.channels), places + 1, 2)


MODEL = Model(
    name="ordered-shapley",
    title="Order-aware Shapley",
    formula="phi(c, place) = sum over journeys with c there of conversions / (|distinct channels| "
    "* touches of c in the journey)",
    source="Zhao, Mahboobi, Bagheri (2018), Shapley value methods for attribution modeling, "
    "arXiv:1804.05327, section 4.",
    by_touch=shapley.weights,
    symmetric=True,
)
