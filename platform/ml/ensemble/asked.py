"""A served model asked about examples, with all that is around them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.features.layout import Floats
from ml.sequence.windows import Single
from ml.served import Served
from ml.training.examples import Examples


def probabilities(model: Served, examples: Examples) -> Floats:
    """What ``model`` would have said of each example (n,), ids and last events known."""
    context = examples.context
    if context is None:
        return model.judge(examples.matrix).probabilities

    def windows(places: NDArray[np.int64]) -> Sequence[Single | None]:
        return [context.histories.window(place) for place in context.places[places].tolist()]

    return model.judge(examples.matrix, context.ids, windows).probabilities
