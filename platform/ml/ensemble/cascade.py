"""How seldom the slow member need be asked: measured on the tuning part, not assumed."""

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from ml.features.layout import Floats
from ml.training.precision import average_precision

MOST_LOST = 0.002
"""Of average precision, given away for asking less often."""
LOWS = (0.2, 0.1, 0.05, 0.02, 0.01, 0.005, 0.001, 0.0)
HIGHS = (0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cascade:
    """The slow member is asked where the quick ones say a probability from ``low`` to ``high``.

    That is a ``share`` of the events; ``precision`` is what the whole then finds, ``full`` what it
    would with all asked, ``quick`` with none.
    """

    low: float
    high: float
    share: float
    precision: float
    full: float
    quick: float


def cascade(quick: Floats, full: Floats, truth: Floats) -> Cascade:
    """The band with the fewest events that loses at most ``MOST_LOST``.

    ``quick`` and ``full`` are log-odds (n,) without and with the slow member.
    """
    sure = expit(quick)
    best = average_precision(truth, full)
    none = average_precision(truth, quick)
    found: list[Cascade] = []
    for low in LOWS:
        for high in HIGHS:
            asked = (sure >= low) & (sure <= high)
            precision = float(average_precision(truth, np.where(asked, full, quick)))
            found.append(
                Cascade(low=low, high=high, share=float(asked.mean()), precision=precision,
                        full=best, quick=none)
            )  # fmt: skip
    fine = [each for each in found if each.precision >= best - MOST_LOST]
    # Everything asked loses nothing, so there is always one.
    return min(fine, key=lambda each: each.share)
