"""Making a model's probabilities mean what they say.

Platt scaling: a logistic regression of the truth on the model's margin, with Platt's targets that
keep it from certainty (Platt 1999, "Probabilistic outputs for support vector machines"). Two
numbers learned from the tuning part; the order of events stays as it was.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from ml.features.layout import Floats

_STEEPEST = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """The probability is the logistic function of ``slope`` x margin + ``shift``."""

    slope: float = 1.0
    shift: float = 0.0

    def margins(self, margins: Floats) -> Floats:
        """Calibrated margins of margins (log-odds), of the same length."""
        return self.slope * margins + self.shift

    def __call__(self, margins: Floats) -> Floats:
        """Probabilities of margins (log-odds), of the same length."""
        found: Floats = expit(self.margins(margins))
        return found


def fit(margins: Floats, truth: Floats) -> Calibration:
    """The calibration with the greatest likelihood on ``margins`` (n,) and ``truth`` (n,).

    The slope stays positive: a calibration never turns a model around.
    """
    false = float(truth.sum())
    wanted = np.where(truth > 0, (false + 1) / (false + 2), 1 / (truth.size - false + 2))

    def loss(values: Floats) -> tuple[float, Floats]:
        slope, shift = np.exp(values[0]), values[1]
        scores = slope * margins + shift
        gone = float((np.logaddexp(0.0, scores) - wanted * scores).sum())
        wrong = expit(scores) - wanted
        return gone, np.array([float((wrong * margins).sum()) * slope, float(wrong.sum())])

    found = minimize(
        loss, np.zeros(2), jac=True, method="L-BFGS-B",
        bounds=[(-np.log(_STEEPEST), np.log(_STEEPEST)), (None, None)],
    )  # fmt: skip
    return Calibration(slope=float(np.exp(found.x[0])), shift=float(found.x[1]))
