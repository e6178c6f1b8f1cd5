"""Which channels move whom: what touches caused in each profile, beside what last touch says. Pure.

For every profile the additive hazard (``credit.hazard``) is fitted to the journeys of its people
alone, so that its baseline, and not the channels that people with one happen to use, stands for
what would have been bought anyway. Uncertainty comes from refits to Poisson samples of the journeys
(Hanley and MacGibbon, "Creating non-parametric bootstrap samples using Poisson frequencies", 2006).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from attribution.credit import hazard
from attribution.credit.bootstrap import gamma_bounds
from attribution.credit.models.survival import NAVIGATIONAL
from attribution.credit.paths import Floats, Ints, Paths

REFITS = 20
_ITERATIONS = 40
_AGAIN = 20
_NORMAL = 1.959964
_WIDEST = 1.0  # a deviation in the logarithm from which on the samples tell nothing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """Per group of journeys and channel: (groups, channels); the first group is everybody.

    ``caused`` conversions and their ``value`` with 95 % bounds, ``last`` and ``last_value`` what
    last touch credits, ``touches``. ``conversions`` and ``total_value`` (groups,) are all that
    happened, caused or not. ``lift`` is the effect of a touch against everybody's, with bounds; NaN
    where everybody's is none.
    """

    channels: tuple[str, ...]
    conversions: Floats
    total_value: Floats
    touches: Floats
    caused: Floats
    caused_low: Floats
    caused_high: Floats
    value: Floats
    value_low: Floats
    value_high: Floats
    last: Floats
    last_value: Floats
    lift: Floats
    lift_low: Floats
    lift_high: Floats


def effects(paths: Paths, group: Ints, groups: Sequence[int], *, seed: int) -> Effects:
    """What touches caused in everybody's journeys and in those of each of ``groups``.

    ``group`` (rows,) says which group a row belongs to. ``paths`` must know the ages of touches.
    """
    parts = [paths, *(paths.of(group == number) for number in groups)]
    rng = np.random.default_rng(seed)
    points = np.stack([_caused(part, _ITERATIONS) for part in parts])
    draws = np.stack([_draws(part, rng) for part in parts])
    touches = np.stack([_count(part, np.ones(part.tokens.size)) for part in parts])
    last = np.stack([_last(part) for part in parts])
    low, high = gamma_bounds(points, draws.var(axis=1))
    lift = _lift(points[:, 0], touches)
    lifts = np.stack([_lift(draw, touches) for draw in draws[:, :, 0].swapaxes(0, 1)])
    lift_low, lift_high = _lift_bounds(lift, lifts, points[:, 0], touches)
    return Effects(
        channels=paths.channels,
        conversions=np.array([part.conversions.sum() for part in parts]),
        total_value=np.array([part.value.sum() for part in parts]),
        touches=touches,
        caused=points[:, 0],
        caused_low=low[:, 0],
        caused_high=high[:, 0],
        value=points[:, 1],
        value_low=low[:, 1],
        value_high=high[:, 1],
        last=last[:, 0],
        last_value=last[:, 1],
        lift=lift,
        lift_low=lift_low,
        lift_high=lift_high,
    )


def _caused(paths: Paths, iterations: int) -> Floats:
    """Conversions and value that each channel's touches caused: (2, channels)."""
    if not paths.conversions.sum():
        return np.zeros((2, len(paths.channels)))
    fitted = hazard.fit(paths, iterations=iterations, navigational=NAVIGATIONAL)
    weights = hazard.incremental_weights(paths, fitted)
    rows = np.repeat(np.arange(paths.conversions.size), paths.lengths)
    return np.stack(
        [
            _count(paths, weights * paths.conversions[rows]),
            _count(paths, weights * paths.value[rows]),
        ]
    )


def _draws(paths: Paths, rng: np.random.Generator) -> Floats:
    """What would have been found in other samples of the journeys: (refits, 2, channels)."""
    return np.stack([_caused(_drawn(paths, rng), _AGAIN) for _ in range(REFITS)])


def _drawn(paths: Paths, rng: np.random.Generator) -> Paths:
    times = rng.poisson(1.0, paths.conversions.size).astype(np.float64)
    return replace(
        paths,
        conversions=paths.conversions * times,
        value=paths.value * times,
        nulls=paths.nulls * times,
    )


def _last(paths: Paths) -> Floats:
    """Conversions and value under last touch: (2, channels)."""
    size = len(paths.channels)
    tokens = paths.tokens[paths.offsets[1:] - 1] if paths.tokens.size else paths.tokens
    counted = [
        np.bincount(tokens, weights=amounts, minlength=size)
        for amounts in (paths.conversions, paths.value)
    ]
    return np.stack(counted).astype(np.float64)


def _count(paths: Paths, amounts: Floats) -> Floats:
    counted = np.bincount(paths.tokens, weights=amounts, minlength=len(paths.channels))
    return counted.astype(np.float64)


def _lift(caused: Floats, touches: Floats) -> Floats:
    """What a touch causes in each group, against everybody's: (groups, channels)."""
    each = np.divide(caused, touches, out=np.full(caused.shape, np.nan), where=touches > 0)
    lift: Floats = np.divide(each, each[0], out=np.full(caused.shape, np.nan), where=each[0] > 0)
    return lift


def _lift_bounds(
    lift: Floats, lifts: Floats, caused: Floats, touches: Floats
) -> tuple[Floats, Floats]:
    """95 % bounds of lifts: normal in the logarithm, by the deviation of those of samples.

    NaN where the samples differ by factors: there the journeys tell nothing.

    Where touches caused (next to) nothing they may still have caused three (the rule of three:
    Hanley and Lippman-Hand 1983), so the upper bound is no less than that.
    """
    known = np.isfinite(lift)
    seen = np.where(np.isfinite(lifts), lifts, 0.0)
    spread = np.divide(seen.std(axis=0), lift, out=np.zeros(lift.shape), where=known & (lift > 0))
    told = known & (spread <= _WIDEST)
    wide = np.where(told, np.exp(_NORMAL * np.minimum(spread, _WIDEST)), np.nan)
    three = _lift(np.vstack([caused[:1], np.full(caused[1:].shape, 3.0)]), touches)
    return lift / wide, np.fmax(lift * wide, np.where(told, three, np.nan))
