"""Scores against what clean ones were: the chance of as much, and how much is an alarm. Pure."""

import math

import msgspec
import numpy as np

from regulator.detectors.anomaly import streaks
from regulator.features.series import Floats

QUARTER = 2_190.0
"""Hours of a quarter of a year."""
PER_QUARTER = 1.0
"""False alarms of an operator that are put up with, in a quarter."""
REFRACTORY = 24
PAST = 28 * 24
"""Hours of an operator's own past that its scores are held against."""
_SHARE, _POINTS = 0.02, 200
_LEAST_SCALE, _LEAST_CHANCE = 1e-3, 1e-12
_PEAKS = 0.99


class Tail(msgspec.Struct, frozen=True, kw_only=True):
    """Clean scores: quantiles up to all but ``_SHARE``, beyond which chances fall by e a ``scale``.

    The mean excess over a high threshold, as of exponential tails (Pickands 1975: the generalised
    Pareto distribution with shape 0).
    """

    quantiles: list[float]
    scale: float


def tail(scores: Floats) -> Tail:
    """Of clean scores of any form; those that are not known are left out."""
    told = scores[np.isfinite(scores)]
    quantiles = np.quantile(told, np.linspace(0.0, 1.0 - _SHARE, _POINTS))
    over = told[told > quantiles[-1]] - quantiles[-1]
    scale = max(float(over.mean()) if over.size else 0.0, _LEAST_SCALE)
    return Tail(quantiles=quantiles.tolist(), scale=scale)


def chances(scores: Floats, clean: Tail) -> Floats:
    """The chance that a clean score is as high; NaN where the score is not known."""
    steps = np.linspace(0.0, 1.0 - _SHARE, _POINTS)
    edge = clean.quantiles[-1]
    below = 1.0 - np.interp(scores, clean.quantiles, steps)
    beyond = _SHARE * np.exp(-np.maximum(scores - edge, 0.0) / clean.scale)
    found: Floats = np.where(scores > edge, beyond, below)
    return np.where(np.isfinite(scores), np.maximum(found, _LEAST_CHANCE), np.nan)


def limit(clean: Floats, *, per_quarter: float = PER_QUARTER) -> float:
    """The score [hours, operators] that clean hours exceed so often a quarter and operator.

    Of alarms, not of hours: hours that belong together are one. The larger of what was counted and
    of what the exponential tail of the alarms' peaks makes of it.
    """
    told = clean[np.isfinite(clean)]
    allowed = per_quarter * told.size / QUARTER
    start = float(np.quantile(told, _PEAKS))
    peaks = np.sort(_peaks(clean, start))[::-1]
    if not peaks.size:
        return start
    scale = max(float((peaks - start).mean()), _LEAST_SCALE)
    extrapolated = start + scale * max(math.log(peaks.size / allowed), 0.0)
    place = int(allowed)
    counted = float(peaks[place]) if place < peaks.size else start
    return max(extrapolated, counted)


def alarms(scores: Floats, above: float) -> int:
    """How many alarms scores [hours, operators] raise."""
    return len(_peaks(scores, above))


def _peaks(scores: Floats, above: float) -> Floats:
    found = [
        float(scores[each.peak, operator])
        for operator in range(scores.shape[1])
        for each in streaks(scores[:, operator], above, refractory=REFRACTORY)
    ]
    return np.array(found)


def against_past(scores: Floats, past: slice, *, least: int, together: bool = False) -> Floats:
    """Scores [hours, operators] by each operator's own: less the median, by the robust deviation.

    Of the hours ``past``; NaN for an operator of whom fewer than ``least`` of them are known.
    ``together``: the deviation is the geometric mean of its own and the operators' median one: a
    few weeks tell it badly, and scores are on one scale.
    """
    middles, spreads = np.full((2, scores.shape[1]), np.nan)
    for operator in range(scores.shape[1]):
        known = scores[past, operator]
        known = known[np.isfinite(known)]
        if known.size >= least:
            middles[operator] = np.median(known)
            spreads[operator] = 1.4826 * np.median(np.abs(known - middles[operator]))
    if together and np.isfinite(spreads).any():
        spreads = np.sqrt(spreads * np.nanmedian(spreads))
    found: Floats = (scores - middles) / np.maximum(spreads, 1e-6)
    return found
