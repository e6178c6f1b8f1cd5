"""Which model foretells conversions it has not seen? Journeys held out by time, and how to judge.

A model that states a rate lambda(t) of converting for every moment of a journey is judged by

    sum over conversions of log lambda(t) - integral of lambda over all time observed,

the log-likelihood of a Poisson process (Daley, Vere-Jones 2003, "An Introduction to the Theory of
Point Processes", prop. 7.2.III). The integral is taken at moments spread evenly over each journey,
the same for all models. Rates pool linearly: lambda = sum of w[k] lambda[k], w of largest
likelihood by EM (for pools of densities: Yao et al. 2018, "Using stacking to average Bayesian
predictive distributions", Bayesian Analysis 13(3)), and a model's share is what it contributes to
the pooled rate at the conversions.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.hazard import ages_of
from attribution.credit.paths import Floats, Ints, Paths

PART = 0.15
"""The part of the journeys that is held out: those that began last."""

_STRATA = 4
_SPREAD = 1e4 * 0.6180339887498949
"""Times the length of a journey it scatters moments like chance, but the same for all names."""

_LEAST = 1e-12
_ITERATIONS = 500


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Moments:
    """Moments of journeys: ``row``, ``age`` (days before its end), both (moments,).

    ``events`` counts the conversions at the moment, ``days`` the exposure it stands for.
    """

    row: Ints
    age: Floats
    events: Floats
    days: Floats


def split(paths: Paths, part: float = PART) -> tuple[Paths, Paths]:
    """Journeys in their canonical order, parted in two: the earlier ones and the ``part`` held out.

    Nothing is held out where it is unknown when journeys began.
    """
    paths = canonical(paths)
    rows = paths.lengths.size
    if paths.began is None or not rows:
        return paths, paths.of(np.zeros(rows, dtype=np.bool_))
    order = np.argsort(paths.began, kind="stable")
    seen = np.cumsum((paths.conversions + paths.nulls)[order])
    last = order[min(int(np.searchsorted(seen, (1.0 - part) * seen[-1])), rows - 1)]
    earlier = paths.began <= paths.began[last]
    return paths.of(earlier), paths.of(~earlier)


def moments(paths: Paths, strata: int = _STRATA) -> Moments:
    """The conversions of ``paths`` and ``strata`` moments of each journey: its time evenly cut."""
    rows = paths.lengths.size
    span = np.maximum.reduceat(ages_of(paths), paths.offsets[:-1]) if rows else np.zeros(0)
    shift = (span * _SPREAD) % 1.0
    step = (np.arange(strata)[None, :] + shift[:, None]) / strata
    converting = np.flatnonzero(paths.conversions > 0)
    counts = paths.conversions + paths.nulls
    nothing = np.zeros(converting.size)
    return Moments(
        row=np.concatenate([converting, np.repeat(np.arange(rows), strata)]),
        age=np.concatenate([nothing, (step * span[:, None]).ravel()]),
        events=np.concatenate([paths.conversions[converting], np.zeros(rows * strata)]),
        days=np.concatenate([nothing, np.repeat(span * counts / strata, strata)]),
    )


def log_likelihood(rates: Floats, at: Moments) -> float:
    """Per conversion, of ``rates`` (moments,) in conversions per day; NaN without conversions."""
    seen = at.events > 0
    total = float(at.events.sum())
    value = float((at.events[seen] * np.log(np.maximum(rates[seen], _LEAST))).sum())
    return (value - float((rates * at.days).sum())) / total if total else float("nan")


def pool(rates: Floats, at: Moments) -> Floats:
    """Each model's share of the best linear pool: (models,), summing to 1.

    ``rates`` is (models, moments). Equal shares where nothing was held out to judge by.
    """
    models = rates.shape[0]
    shares = np.full(models, 1.0 / models)
    seen: NDArray[np.bool_] = at.events > 0
    events, expected = at.events[seen], (rates * at.days).sum(axis=1)
    if not events.sum() or (expected <= 0).any():
        return shares
    here = np.maximum(rates[:, seen], _LEAST)
    weights = shares * events.sum() / expected
    for _ in range(_ITERATIONS):
        part = weights[:, None] * here
        caused = ((part / part.sum(axis=0)) * events).sum(axis=1)
        weights = caused / expected
        shares = caused / events.sum()
    return shares
