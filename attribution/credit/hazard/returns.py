"""Visits by which people about to buy come back: signs of a decision, not causes of it.

In journeys that convert, touches of a navigational channel arrive at a steady rate rho, and on top
of it a person about to buy comes back by it with probability q, 1/nu days before. A touch ``a``
days before the conversion was such a return with probability

    q nu exp(-nu a) / (q nu exp(-nu a) + rho).

rho is counted where returns have died out; q and nu follow by EM. An effect of such a channel that
passes within a day can't be told from a return, and is taken for one.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attribution.credit.paths import Floats, Paths

_NU = 8.0
_SLOWEST, _FASTEST = 3.0, 96.0
_CALM = 2.0
"""Days before a conversion from which on hardly any touch is a return: exp(-16)."""
_ITERATIONS = 50


def named(paths: Paths, navigational: Sequence[str]) -> NDArray[np.bool_]:
    """Which channels of ``paths`` are navigational, by name without case: (channels,)."""
    names = {name.casefold() for name in navigational}
    return np.array([name.casefold() in names for name in paths.channels], dtype=np.bool_)


def genuine(paths: Paths, navigational: NDArray[np.bool_]) -> Floats:
    """Probability that each touch was no return, given that its journey converts: (touches,).

    Without ``paths.ages`` nobody can tell, and all are taken for genuine.
    """
    found = np.ones(paths.tokens.size)
    ages = paths.ages
    if ages is None:
        return found
    conversions = np.repeat(paths.conversions, paths.lengths)
    converting = paths.conversions > 0
    span = np.maximum.reduceat(ages, paths.offsets[:-1]) if ages.size else np.zeros(0)
    calm = (paths.conversions * np.maximum(span - _CALM, 0.0))[converting].sum()
    for channel in np.flatnonzero(navigational).tolist():
        mine = (paths.tokens == channel) & (conversions > 0)
        weight, age = conversions[mine], ages[mine]
        rho = weight[age > _CALM].sum() / calm if calm > 0 else 0.0
        found[mine] = 1.0 - _returned(weight, age, float(rho), paths.total_conversions)
    return found


def without_returns(paths: Paths, navigational: Sequence[str]) -> tuple[Paths, NDArray[np.bool_]]:
    """``paths`` without the touches that were rather returns than not, and which touches stay.

    A converting journey of nothing but returns goes as a whole: it began with the decision to buy.
    """
    stays = genuine(paths, named(paths, navigational)) >= 0.5
    if stays.all():
        return paths, stays
    left = np.add.reduceat(stays.astype(np.int64), paths.offsets[:-1])
    rows = left > 0
    fewer = replace(
        paths.of(rows),
        tokens=paths.tokens[stays],
        offsets=np.concatenate([[0], np.cumsum(left[rows])]).astype(np.int64),
        ages=None if paths.ages is None else paths.ages[stays],
    )
    return fewer, stays


def _returned(weight: Floats, age: Floats, rho: float, conversions: float) -> Floats:
    """Probability that a touch ``age`` days before its conversion was a return: (touches,)."""
    share, nu = 0.5, _NU
    returned = np.zeros_like(age)
    for _ in range(_ITERATIONS):
        quick = share * nu * np.exp(-nu * age)
        returned = quick / np.maximum(quick + rho, 1e-300)
        count, delay = float((weight * returned).sum()), float((weight * returned * age).sum())
        share = min(count / conversions, 1.0) if conversions else 0.0
        if delay > 0:
            nu = float(np.clip(count / delay, _SLOWEST, _FASTEST))
    return returned
