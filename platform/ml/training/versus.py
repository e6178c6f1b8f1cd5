"""Two models on the same events: whether the one is better, or only luckier."""

from dataclasses import dataclass

import numpy as np

from ml.features.layout import Floats
from ml.training.precision import average_precision

DRAWS = 1_000
LEAST = 20
"""Events of either truth without which nothing is decided."""
LEVEL = 0.99


@dataclass(frozen=True, slots=True, kw_only=True)
class Versus:
    """The challenger's average precision less the champion's, with its ``LEVEL`` interval.

    ``better``: the whole interval is above nothing, and there is enough to tell.
    """

    n: int
    positives: int
    champion: float
    challenger: float
    difference: float
    interval: tuple[float, float]
    better: bool


def versus(
    truth: Floats, champion: Floats, challenger: Floats, *, seed: int, draws: int = DRAWS
) -> Versus:
    """Compare probabilities (n,) of the same events by a paired bootstrap within each truth.

    Both models see the same draw, so what is hard for both cancels. Source: Efron and Tibshirani
    1993, "An introduction to the bootstrap", chapter 16.
    """
    positives = int(truth.sum())
    if min(positives, truth.size - positives) < LEAST:
        return Versus(n=truth.size, positives=positives, champion=float("nan"),
                      challenger=float("nan"), difference=float("nan"),
                      interval=(float("nan"), float("nan")), better=False)  # fmt: skip
    rng, found = np.random.default_rng(seed), np.empty(draws)
    kinds = [np.flatnonzero(truth > 0), np.flatnonzero(truth <= 0)]
    for place in range(draws):
        rows = np.concatenate([rng.choice(kind, kind.size) for kind in kinds])
        found[place] = average_precision(truth[rows], challenger[rows]) - average_precision(
            truth[rows], champion[rows]
        )
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2]).tolist()
    before, after = average_precision(truth, champion), average_precision(truth, challenger)
    return Versus(
        n=truth.size, positives=positives, champion=before, challenger=after,
        difference=after - before, interval=(low, high), better=low > 0.0,
    )  # fmt: skip
