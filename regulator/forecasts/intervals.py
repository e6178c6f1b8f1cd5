"""Conformal intervals: as wide as the errors that trials have shown. Pure.

Split conformal prediction (Papadopoulos et al. 2002; for horizons apart Stankevičiūtė et al. 2021):
a trial's error by a scale is its *score*; the interval of a month is the forecast plus and minus
the scale times that quantile of the scores, those of nearby horizons together. The scale is the
series' usual relative error (drawn to its panel's) times the size of the month, half its own, half
the mean month's. With few scores the quantile is the next larger one, so that coverage is not lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from regulator.detectors.anomaly import Floats

LEVEL = 0.8
NEAR = 3
"""Horizons so far apart share their scores."""
DRAWN = 2.0
"""Trials by which a series' usual error is drawn to the panel's."""
UNKNOWN = 0.3
"""The usual relative error where nothing has been tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """The chosen candidate's forecasts of a series and what came, both ``(origins, horizon)``."""

    forecast: Floats
    actual: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Widths:
    """What the trials of a panel say about errors.

    ``usual`` is each series' relative error; ``scores`` are absolute and ``(trials, horizon)``;
    ``totals`` are those of the sum over the horizon, ``(trials,)``.
    """

    usual: tuple[float, ...]
    scores: Floats
    totals: Floats


def shape(forecast: Floats) -> Floats:
    """The size of each month (last axis): half its own, half the mean month's; never negative."""
    size = np.abs(forecast)
    found: Floats = 0.5 * size + 0.5 * size.mean(axis=-1, keepdims=True)
    return found


def widths(tried: Sequence[Tried]) -> Widths:
    """Learn from all series' trials (some may have none)."""
    own = [_relative(each) for each in tried]
    seen = [value for each in own for value in each]
    shared = float(np.mean(seen)) if seen else UNKNOWN
    usual = tuple((sum(each) + DRAWN * shared) / (len(each) + DRAWN) for each in own)
    horizon = max((each.forecast.shape[1] for each in tried), default=0)
    scores, totals = [np.zeros((0, horizon))], [np.zeros(0)]
    for each, relative in zip(tried, usual, strict=True):
        if each.forecast.size and relative > 0:
            scale = relative * np.maximum(shape(each.forecast), 1e-300)
            missed = each.actual - each.forecast
            scores.append(np.abs(missed) / scale)
            totals.append(np.abs(missed.sum(axis=1)) / scale.sum(axis=1))
    return Widths(usual=usual, scores=np.concatenate(scores), totals=np.concatenate(totals))


def _relative(each: Tried) -> list[float]:
    if not each.forecast.size:
        return []
    size = np.abs(each.forecast).sum(axis=1)
    missed = np.abs(each.actual - each.forecast).sum(axis=1)
    return [float(a / b) for a, b in zip(missed, size, strict=True) if b > 0]


def quantile(scores: Floats, level: float) -> float:
    """The conformal quantile of ``scores``; by the exponential law where there are under five.

    (A mean score is about 1, and absolute errors of a month fall off about exponentially.)
    """
    if scores.size < 5:
        return float(-np.log1p(-level))
    rank = int(np.ceil((scores.size + 1) * level))
    return float(np.sort(scores)[min(rank, scores.size) - 1])


def half_widths(learned: Widths, place: int, forecast: Floats, level: float = LEVEL) -> Floats:
    """Half of each month's interval for the series at ``place``; ``(horizon,)``."""
    scale = learned.usual[place] * shape(forecast)
    reach = [quantile(_near(learned.scores, month), level) for month in range(forecast.shape[-1])]
    half: Floats = scale * np.array(reach)
    return half


def _near(scores: Floats, month: int) -> Floats:
    middle = min(month, scores.shape[1] - 1)
    return scores[:, max(middle - NEAR, 0) : middle + NEAR + 1].ravel()


def half_total(learned: Widths, place: int, forecast: Floats, level: float = LEVEL) -> float:
    """Half of the interval of the sum over the horizon.

    Never more than the months' together: they cannot all be off by their most in one direction.
    """
    scale = learned.usual[place] * float(shape(forecast).sum())
    summed = float(half_widths(learned, place, forecast, level).sum())
    if learned.totals.size < 5:
        return float(min(2 * summed / np.sqrt(max(forecast.shape[-1], 1)), summed))
    return float(min(scale * quantile(learned.totals, level), summed))


def coverage(tried: Sequence[Tried], level: float = LEVEL) -> list[float | None]:
    """The share of each series' months that fell into the interval the other trials would give.

    Each origin is left out in turn, of all series at once: errors of one origin are alike.
    """
    count = max((each.forecast.shape[0] for each in tried), default=0)
    inside: list[list[float]] = [[] for _ in tried]
    if count < 2:
        return [None for _ in tried]
    for left in range(count):
        kept = [
            Tried(
                forecast=np.delete(each.forecast, left, 0), actual=np.delete(each.actual, left, 0)
            )
            if each.forecast.shape[0] > left
            else each
            for each in tried
        ]
        learned = widths(kept)
        for place, each in enumerate(tried):
            if each.forecast.shape[0] > left:
                half = half_widths(learned, place, each.forecast[left], level)
                off = np.abs(each.actual[left] - each.forecast[left])
                inside[place] += (off <= half).astype(float).tolist()
    return [float(np.mean(each)) if each else None for each in inside]


def _without(each: Tried, origin: int) -> Tried:
    if each.forecast.shape[0] <= origin:
        return each
    return Tried(
        forecast=np.delete(each.forecast, origin, 0), actual=np.delete(each.actual, origin, 0)
    )
