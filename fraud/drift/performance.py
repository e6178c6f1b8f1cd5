"""How the champion does where labels came: held against what its own probabilities promise. Pure.

Reviewed events are no fair sample of the traffic, so figures of the training are no measure. But if
a probability of 0.7 means seven of ten, labels of such events have a known distribution: they are
drawn by the probabilities themselves, and what was found is held against the draws.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from ml.features.layout import Floats
from ml.training.judged import calibration_error
from ml.training.precision import average_precision

LEAST, LEAST_OF_A_KIND = 50, 5
"""Labelled events, and those of either truth, from which on anything is said."""
_DRAWS = 1_000
"""Drift is what not one draw comes to: less than one chance in a thousand."""
_MATTERS = 0.05
"""How far off the usual draw a figure must be to matter, however many labels there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """Of ``events`` with a label ``false`` were false; ``promised``: what the usual draw shows."""

    events: int
    false: int
    average_precision: float
    average_precision_promised: float
    calibration_error: float
    calibration_error_promised: float
    drifted: bool


def performance(truth: Floats, probabilities: Floats, *, seed: int = 1) -> Performance | None:
    """Judge ``probabilities`` (n,) by ``truth`` (n,); ``None`` where there are too few labels."""
    false = int(truth.sum())
    if truth.size < LEAST or min(false, truth.size - false) < LEAST_OF_A_KIND:
        return None
    rng = np.random.default_rng(seed)
    drawn = (rng.random((_DRAWS, truth.size)) < probabilities).astype(np.float64)
    drawn = drawn[drawn.any(axis=1)]
    precisions = np.array([average_precision(each, probabilities) for each in drawn])
    errors = np.array([calibration_error(each, probabilities) for each in drawn])
    precision = average_precision(truth, probabilities)
    error = calibration_error(truth, probabilities)
    usual, usual_error = float(np.median(precisions)), float(np.median(errors))
    worse = precision < precisions.min() and usual - precision > _MATTERS
    off = error > errors.max() and error - usual_error > _MATTERS
    return Performance(
        events=truth.size, false=false, average_precision=precision,
        average_precision_promised=usual, calibration_error=error,
        calibration_error_promised=usual_error, drifted=bool(worse or off),
    )  # fmt: skip


def truth_of(words: Iterable[bool]) -> bool:
    """What most said, the earliest first; between as many, the latest word."""
    said = list(words)
    tally = sum(1 if fraud else -1 for fraud in said)
    return said[-1] if tally == 0 else tally > 0
