"""How sure the credit of a report is: intervals and standings from the stored paths.

The bootstrap runs over the paths of the range, so it costs what the range has of different paths,
whatever the number of events. What it found is kept for some minutes, relative to the credit: new
conversions move the figures at once and their intervals with them. Where it would keep a page
waiting, the worker does it and the page says so.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.core.cache import cache

from attribution.contracts import LEARNED, Model
from attribution.credit import MODELS
from attribution.credit.attribute import draw
from attribution.credit.bootstrap import amount_bounds, gamma_bounds, sampler
from attribution.credit.paths import Floats, Paths
from attribution.credit.verdict import Standing, verdict, verdict_of_variance
from attribution.learned import store as learned
from attribution.learned.store import Earned
from attribution.projection import sums
from attribution.projection.names import direct
from attribution.store import chains
from attribution.store.words import MICRO

REPLICATES = 200
PATIENCE = 300_000
"""Journeys of a range from which on the worker computes its intervals, not the request."""

PREFIX = "attribution-bounds"
_SEED = 1
_SECONDS = 600
_DRIFT = 0.1
_COMPARED = 60
"""Keys up to which the samples are kept, for differences between any two of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """95 % bounds of a key's conversions and value, and how it stands among the others."""

    low: float
    high: float
    value_low: float
    value_high: float
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spread:
    """How the credit of ``keys`` scatters: samples drawn together, or variances alone.

    ``draws`` (keys, 2, replicates) and ``variance`` (keys, 2) hold conversions and money; one of
    them is there.
    """

    keys: tuple[int, ...]
    draws: Floats | None = None
    variance: Floats | None = None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Estimate:
    """Bounds as they were found, the credit they belong to, and the samples of few keys."""

    credit: Mapping[int, tuple[float, float]]
    bounds: Mapping[int, Bounds]
    spread: Spread | None = None

    def fits(self, credit: Mapping[int, tuple[float, float]]) -> bool:
        """Whether ``credit`` is still so near that its intervals have the same relative width."""
        then, now = (sum(each[0] for each in side.values()) for side in (self.credit, credit))
        return _some(self.credit) == _some(credit) and abs(now - then) <= _DRIFT * then

    def moved(self, credit: Mapping[int, tuple[float, float]]) -> dict[int, Bounds]:
        """The bounds around ``credit``."""
        return {
            key: _around(bounds, self.credit[key], credit[key])
            for key, bounds in self.bounds.items()
            if key in credit
        }


def _some(credit: Mapping[int, tuple[float, float]]) -> set[int]:
    """The keys that have any credit at all."""
    return {key for key, each in credit.items() if any(each)}


def bounds(
    model: Model,
    scope: sums.Scope,
    order: int,
    credit: Mapping[int, tuple[float, float]],
    *,
    journeys: int,
    wait: bool = False,
) -> dict[int, Bounds] | None:
    """Key -> bounds of its ``credit`` (conversions, money) under a model.

    ``None`` when the range has too many ``journeys`` to wait for; with ``wait`` they are computed
    whatever it takes.
    """
    if model in LEARNED:
        return _from_variance(learned.earned(model, scope), credit)
    found = _estimate(model, scope, order, credit, journeys=journeys, wait=wait)
    return None if found is None else found.moved(credit)


def spread(
    model: Model,
    scope: sums.Scope,
    order: int,
    credit: Mapping[int, tuple[float, float]],
    *,
    journeys: int,
) -> Spread | None:
    """How ``credit`` scatters; ``None`` for too many journeys to wait for, or too many keys."""
    if model in LEARNED:
        keys, _, variance = _variances(learned.earned(model, scope), credit)
        return Spread(keys=tuple(keys), variance=variance)
    found = _estimate(model, scope, order, credit, journeys=journeys, wait=False)
    if found is None or found.spread is None or found.spread.draws is None:
        return None
    known = found.spread
    then = np.array([found.credit.get(key, (0.0, 0.0)) for key in known.keys])
    now = np.array([credit.get(key, (0.0, 0.0)) for key in known.keys])
    scale = np.divide(now, then, out=np.ones_like(then), where=then > 0)
    return replace(known, draws=known.draws * scale[:, :, None])


def _estimate(
    model: Model,
    scope: sums.Scope,
    order: int,
    credit: Mapping[int, tuple[float, float]],
    *,
    journeys: int,
    wait: bool,
) -> Estimate | None:
    text = repr((model, scope, order))
    key = f"{PREFIX}:{hashlib.blake2b(text.encode(), digest_size=16).hexdigest()}"
    found: Estimate | None = None if wait else cache.get(key)
    if found is None or not found.fits(credit):
        if journeys > PATIENCE and not wait:
            return None
        found = _bounds(model, chains.paths_of(sums.paths(scope)), order, credit)
        cache.set(key, found, _SECONDS)
    return found


def _around(bounds: Bounds, then: tuple[float, float], now: tuple[float, float]) -> Bounds:
    grown, richer = (new / old if old > 0 else 1.0 for new, old in zip(now, then, strict=True))
    return replace(
        bounds,
        low=bounds.low * grown,
        high=bounds.high * grown,
        value_low=bounds.value_low * richer,
        value_high=bounds.value_high * richer,
    )


def _bounds(
    model: Model, paths: Paths, order: int, credit: Mapping[int, tuple[float, float]]
) -> Estimate:
    if not paths.total_conversions:
        return Estimate(credit=dict(credit), bounds={})
    chosen = MODELS[str(model)]
    drawn = draw(sampler(paths, REPLICATES, _SEED), chosen, chosen.settled(_params(model, order)))
    keys = [int(name) for name in paths.channels]
    points = np.array([credit.get(key, (0.0, 0.0)) for key in keys])
    conversions, value = drawn.credit[:, 0], drawn.credit[:, 1] / MICRO
    if model is Model.TIME_DECAY:
        # The stored paths know no times: their decay counts touches, and only its spread is used.
        conversions = _moved(conversions, points[:, 0])
        value = _moved(value, points[:, 1])
    low, high = amount_bounds(points[:, 0], conversions)
    value_low, value_high = amount_bounds(points[:, 1], value)
    standing = verdict(points[:, 0], conversions).standing
    few = len(keys) <= _COMPARED
    return Estimate(
        credit=dict(credit),
        bounds={
            key: Bounds(
                low=float(low[place]),
                high=float(high[place]),
                value_low=float(value_low[place]),
                value_high=float(value_high[place]),
                standing=standing[place],
            )
            for place, key in enumerate(keys)
        },
        spread=Spread(keys=tuple(keys), draws=np.stack([conversions, value], 1)) if few else None,
    )


def _from_variance(
    earned: Mapping[int, Earned], points: Mapping[int, tuple[float, float]]
) -> dict[int, Bounds]:
    """Bounds of fitted credit, whose variances were summed with it and scale as it was scaled."""
    keys, credits_, variance = _variances(earned, points)
    (credit, value), (spread, value_spread) = credits_.T, variance.T
    low, high = gamma_bounds(credit, spread)
    value_low, value_high = gamma_bounds(value, value_spread)
    standing = verdict_of_variance(credit, spread)
    return {
        key: Bounds(
            low=float(low[place]),
            high=float(high[place]),
            value_low=float(value_low[place]),
            value_high=float(value_high[place]),
            standing=standing[place],
        )
        for place, key in enumerate(keys)
    }


def _variances(
    earned: Mapping[int, Earned], points: Mapping[int, tuple[float, float]]
) -> tuple[list[int], Floats, Floats]:
    """Keys, their credit and its variances (keys, 2) in the scale of ``points``."""
    keys = list(earned)
    credits_ = np.array([points[key] for key in keys]).reshape(-1, 2)
    fitted = np.array(
        [
            (each.credit, each.value, each.credit_variance, each.value_variance)
            for each in earned.values()
        ]
    ).reshape(-1, 4)
    scale = np.divide(
        credits_, fitted[:, :2], out=np.zeros((len(keys), 2)), where=fitted[:, :2] > 0
    )
    return keys, credits_, fitted[:, 2:] * scale**2


def _params(model: Model, order: int) -> dict[str, Any]:
    if model is Model.MARKOV:
        return {"order": order}
    if model is Model.LAST_NON_DIRECT:
        return {"direct": (str(direct()),)}
    return {}


def _moved(draws: Floats, points: Floats) -> Floats:
    """``draws`` scaled so that each channel's mean is its point."""
    means = draws.mean(axis=1)
    scale = np.divide(points, means, out=np.zeros_like(points), where=means > 0)
    moved: Floats = draws * scale[:, None]
    return moved
