"""What moves a model most, over many events."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from ml.features.layout import Floats

MOST = 8


class Explains(Protocol):
    """A served model that says what each feature adds."""

    @property
    def names(self) -> Sequence[str]:
        """What it explains by, in its order."""

    def explain(self, matrix: Floats) -> Any:
        """``values`` (n x features): what each feature adds to the log-odds."""


def weights(served: Explains, matrix: Floats, *, most: int = MOST) -> dict[str, float]:
    """By name, the share in what moves the model on these rows; the ``most`` greatest.

    The mean of the absolute Shapley values, as a share of all features' (Lundberg et al. 2020,
    "From local explanations to global understanding with explainable AI for trees").
    """
    moved = np.abs(served.explain(matrix).values).mean(axis=0)
    total = float(moved.sum())
    order = np.argsort(-moved, kind="stable")[:most].tolist()
    names = served.names
    return {names[place]: float(moved[place] / total) for place in order if moved[place] > 0.0}
