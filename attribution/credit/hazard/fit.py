"""The EM, one compiled pass over the touches per iteration."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.sampler import canonical
from attribution.credit.compiled import compiled
from attribution.credit.errors import CreditError
from attribution.credit.hazard.returns import genuine, named
from attribution.credit.paths import Floats, Ints, Paths

_SLOWEST, _FASTEST = 1 / 60, 24.0
_NAVIGATIONAL_FASTEST = 1 / 2
_START = 1 / 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hazard:
    """Fitted parts, each (channels,) but ``mu`` (conversions per day of a person).

    ``beta`` conversions per touch, ``omega`` per day; ``navigational`` says through which channels
    people come back; ``likelihood`` is the log-likelihood after each iteration.
    """

    channels: tuple[str, ...]
    mu: float
    beta: Floats
    omega: Floats
    navigational: NDArray[np.bool_]
    likelihood: Floats


def ages_of(paths: Paths) -> Floats:
    """Days from each touch to its journey's end; without times, a touch a day."""
    if paths.ages is not None:
        return paths.ages
    if not paths.tokens.size:
        return np.zeros(0)
    ends = np.repeat(paths.offsets[1:], paths.lengths)
    return (ends - np.arange(paths.tokens.size) - 0.5).astype(np.float64)


def fit(paths: Paths, *, iterations: int = 60, navigational: Sequence[str] = ()) -> Hazard:
    """Fit by EM: every iteration raises the likelihood. Linear in touches times iterations.

    ``paths.ages`` of a journey without conversion must reach to the end of its observation, not to
    its last touch: that time without a conversion is what tells a weak channel from a strong one.
    Raises ``CreditError`` for an unusable number of iterations.
    """
    if iterations < 1:
        raise CreditError("iterations must be a whole number of at least 1.")
    # So that the order of the rows can't move the last digits; when they began moves nothing.
    paths = canonical(replace(paths, began=None))
    size, ages = len(paths.channels), ages_of(paths)
    coming_back = named(paths, navigational)
    kept = genuine(paths, coming_back)
    state = np.zeros((2, size))
    state[0] = paths.total_conversions / max(paths.tokens.size, 1)
    state[1] = _START
    conversions = paths.conversions * _largest(paths, kept)
    observed = float(((conversions + paths.nulls) * _largest(paths, ages * (kept > 0.5))).sum())
    mu = 0.2 * paths.total_conversions / observed if observed > 0 else 0.0
    likelihood = np.empty(iterations)
    for number in range(iterations):
        sums = np.zeros((4, size))
        likelihood[number], anyway = _expect(
            paths.tokens, paths.offsets, ages, kept, conversions, paths.nulls, mu, state, sums
        )
        likelihood[number] -= mu * observed
        mu = anyway / observed if observed > 0 else 0.0
        _maximise(state, sums, np.where(coming_back, _NAVIGATIONAL_FASTEST, _FASTEST))
    return Hazard(
        channels=paths.channels,
        mu=mu,
        beta=state[0],
        omega=state[1],
        navigational=coming_back,
        likelihood=likelihood,
    )


def _largest(paths: Paths, values: Floats) -> Floats:
    """The largest value of each row's touches: (rows,).

    Of the probabilities to be genuine, this is that of the journey being observed at all: one that
    consists of a return began with the decision to buy, and tells nothing of how often people do.
    Of ages, it is how long the journey was observed.
    """
    return np.maximum.reduceat(values, paths.offsets[:-1]) if values.size else np.zeros(0)


def _maximise(state: Floats, sums: Floats, fastest: Floats) -> None:
    """New parameters from the expected counts of an iteration, in place.

    ``sums``: conversions caused, their summed delays, exposure, exposure's time-weighted rest.
    """
    caused, delay, exposed, rest = sums
    beta = np.divide(caused, exposed, out=np.zeros_like(caused), where=exposed > 0)
    below = delay + beta * rest
    omega = np.divide(caused, below, out=state[1].copy(), where=(caused > 0) & (below > 0))
    state[0] = beta
    state[1] = np.clip(omega, _SLOWEST, fastest)


@compiled
def _expect(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Floats,
    kept: Floats,
    conversions: Floats,
    nulls: Floats,
    mu: float,
    state: Floats,
    sums: Floats,
) -> tuple[float, float]:
    """Share each conversion out among its possible causes; (log-likelihood, baseline's part).

    ``kept`` is the probability that a touch of a converting journey was no return.
    """
    likelihood, anyway = 0.0, 0.0
    for row in range(offsets.size - 1):
        total = mu
        count, unconverted = conversions[row], nulls[row]
        for at in range(offsets[row], offsets[row + 1]):
            channel, age = tokens[at], ages[at]
            beta, omega = state[0, channel], state[1, channel]
            faded = np.exp(-omega * age)
            many = count * kept[at] + unconverted
            sums[2, channel] += many * (1.0 - faded)
            sums[3, channel] += many * age * faded
            likelihood -= many * beta * (1.0 - faded)
            total += kept[at] * beta * omega * faded
        if count == 0.0 or total <= 0.0:
            continue
        likelihood += count * np.log(total)
        anyway += count * mu / total
        for at in range(offsets[row], offsets[row + 1]):
            beta, omega = state[0, tokens[at]], state[1, tokens[at]]
            part = count * kept[at] * beta * omega * np.exp(-omega * ages[at]) / total
            sums[0, tokens[at]] += part
            sums[1, tokens[at]] += part * ages[at]
    return likelihood, anyway


def incremental_weights(paths: Paths, hazard: Hazard) -> Floats:
    """The part of its journey's conversion that each touch caused: (touches,), 0..1.

    A touch causes in proportion to its part of the hazard when the journey ended, if it was no
    return; what is left to 1 is the baseline's: conversions that no touch caused.
    """
    if not paths.tokens.size:
        return np.zeros(0)
    ages = ages_of(paths)
    beta, omega = hazard.beta[paths.tokens], hazard.omega[paths.tokens]
    kept = genuine(paths, hazard.navigational)
    causal = kept * beta * omega * np.exp(-omega * ages)
    total = np.add.reduceat(causal, paths.offsets[:-1]) + hazard.mu
    every = np.repeat(total, paths.lengths)
    weights: Floats = np.divide(causal, every, out=np.zeros_like(causal), where=every > 0)
    return weights
