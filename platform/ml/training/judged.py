"""How good probabilities are on events that a model has not seen."""

from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score, roc_curve

from ml.features.layout import Floats
from ml.training.precision import average_precision

BINS = 15
DRAWS = 200
FALSE_ALARMS = 0.005
"""The share of honest events that may be taken for false where recall is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """Of ``n`` events ``positives`` were false.

    ``average_precision`` and ``auc`` with 95 % intervals (bootstrap by truth); ``recall`` at
    ``FALSE_ALARMS``; ``calibration_error`` is the expected one over ``BINS`` equal widths (Guo et
    al. 2017, "On calibration of modern neural networks"), ``calibration_chance`` what so few events
    would show in 95 of 100 cases though every probability were right.
    """

    n: int
    positives: int
    auc: float
    auc_interval: tuple[float, float]
    average_precision: float
    average_precision_interval: tuple[float, float]
    recall: float
    calibration_error: float
    calibration_chance: float


def judged(truth: Floats, probabilities: Floats, *, seed: int, draws: int = DRAWS) -> Judged:
    """Judge ``probabilities`` (n,) by ``truth`` (n,), which holds both kinds."""
    rng, auc, precision = np.random.default_rng(seed), [], []
    kinds = [np.flatnonzero(truth > 0), np.flatnonzero(truth <= 0)]
    for _ in range(draws):
        rows = np.concatenate([rng.choice(kind, kind.size) for kind in kinds])
        auc.append(roc_auc_score(truth[rows], probabilities[rows]))
        precision.append(average_precision(truth[rows], probabilities[rows]))
    return Judged(
        n=truth.size, positives=int(truth.sum()),
        auc=float(roc_auc_score(truth, probabilities)), auc_interval=_interval(auc),
        average_precision=average_precision(truth, probabilities),
        average_precision_interval=_interval(precision),
        recall=recall_at(truth, probabilities, FALSE_ALARMS),
        calibration_error=calibration_error(truth, probabilities),
        calibration_chance=_chance(probabilities, rng, draws),
    )  # fmt: skip


def recall_at(truth: Floats, probabilities: Floats, false_alarms: float) -> float:
    """The greatest share found where at most ``false_alarms`` of the honest are taken for false."""
    alarms, recall, _ = roc_curve(truth, probabilities)
    return float(recall[alarms <= false_alarms].max(initial=0.0))


def calibration_error(truth: Floats, probabilities: Floats) -> float:
    """How far probabilities are from what happened, on average over events."""
    places = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    told = np.bincount(places, weights=probabilities, minlength=BINS)
    happened = np.bincount(places, weights=truth, minlength=BINS)
    return float(np.abs(told - happened).sum() / truth.size)


def _chance(probabilities: Floats, rng: np.random.Generator, draws: int) -> float:
    drawn = [
        calibration_error((rng.random(probabilities.size) < probabilities).astype(float),
                          probabilities)
        for _ in range(draws)
    ]  # fmt: skip
    return float(np.quantile(drawn, 0.95)) if drawn else 0.0


def _interval(values: list[float]) -> tuple[float, float]:
    low, high = np.quantile(values, [0.025, 0.975]) if values else (np.nan, np.nan)
    return float(low), float(high)
