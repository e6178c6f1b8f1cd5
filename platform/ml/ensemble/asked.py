"""A served model asked about examples, with all that is around them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ml.features.layout import Floats
from ml.sequence.windows import Single
from ml.served import Served, Windows
from ml.training.examples import Examples


def around(examples: Examples) -> tuple[Floats | None, Windows | None]:
    """The ids and the last events of examples, where they are known, as ``Served.judge`` asks."""
    context = examples.context
    if context is None:
        return None, None

    def windows(places: NDArray[np.int64]) -> Sequence[Single | None]:
        return [context.histories.window(place) for place in context.places[places].tolist()]

    return context.ids, windows


def probabilities(model: Served, examples: Examples) -> Floats:
    """What ``model`` would have said of each example (n,)."""
    ids, windows = around(examples)
    return model.judge(examples.matrix, ids, windows).probabilities
