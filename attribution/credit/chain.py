"""Exact removal effects of every channel from transition counts.

With Q the transition probabilities between states, r (S, 2) what leaves a state in one step
(probability of conversion, value per journey) and h = (I - Q)^-1 r, a journey's expected outcome
from each state. Let g[j] be the probability that a walk from the start meets channel c first in
state j (of the states whose last touch is c; a walk can't enter another state containing c before).
Then removal_effect(c) = sum_j g[j] h[j] / h[start]: the share of conversions (value) whose walk
meets c. Sums of positive terms: rare channels keep their digits.
Source: Anderl, Becker, von Wangenheim, Schumann (2016), "Mapping the customer journey", IJRM 33(3);
absorbing chains: Kemeny, Snell (1960), "Finite Markov Chains", ch. 3.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.counts import TransitionCounts
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints

DENSE = 200
"""Most states that one inverse serves."""

_ENOUGH = 1e-14
_SWEEPS = 200_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Effects:
    """Removal effects per channel (n, 2): on conversions and on value; and h[start] of both."""

    removal: Floats
    expected: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Chain:
    """Sparse chain: edge e goes from before[e] to after[e] with probability share[e].

    Per state its number in ``TransitionCounts`` (``states``), the journeys that leave it
    (``total``), the digit of its ``last`` touch and what is ``leaving`` in one step (S, 2).
    """

    states: Ints
    total: Floats
    last: Ints
    before: Ints
    after: Ints
    share: Floats
    leaving: Floats


def removal_effects(counts: TransitionCounts) -> Effects:
    """Removal effects within 1e-12 of the exact ones, zero where nothing converts.

    Up to 200 states one inverse gives all; beyond, Gauss-Seidel sweeps over the sparse chain, all
    channels at once, until what is left has a proven bound of 1e-14.
    """
    n = len(counts.channels)
    chain = chain_of(counts)
    if chain.last.size <= 1:
        return Effects(removal=np.zeros((n, 2)), expected=np.zeros(2))
    met, outcome = (_dense if chain.last.size <= DENSE else _sparse)(chain, n)
    effects = np.zeros((n + 1, 2))
    np.add.at(effects, chain.last, met[:, None] * outcome)
    whole = outcome[0]
    removal = np.divide(effects[1:], whole, out=np.zeros((n, 2)), where=whole > 0)
    return Effects(removal=np.minimum(removal, 1.0), expected=whole)


def chain_of(counts: TransitionCounts) -> Chain:
    """The chain of all states that journeys left."""
    base = len(counts.channels) + 1
    passing = counts.edges[:, :2].sum(axis=1)
    alive = passing > 0
    keys, edges, passing = counts.keys[alive], counts.edges[alive], passing[alive]
    before, digit = keys // base, keys % base
    states, place = np.unique(before, return_inverse=True)
    total = np.bincount(place, passing, minlength=states.size).astype(np.float64, copy=False)
    ends = digit == 0
    leaving = np.zeros((states.size, 2))
    leaving[place[ends]] = edges[ends][:, [0, 2]]
    inner = ~ends
    after = np.searchsorted(states, keys[inner] % base**counts.order)
    return Chain(
        states=states,
        total=total,
        last=states % base,
        before=place[inner],
        after=after,
        share=passing[inner] / total[place[inner]],
        leaving=leaving / total[:, None],
    )


def _dense(chain: Chain, channels: int) -> tuple[Floats, Floats]:
    """First-meeting probabilities (S,) and outcomes (S, 2) from the one inverse F."""
    size = chain.last.size
    moves = np.eye(size)
    moves[chain.before, chain.after] -= chain.share
    fundamental = np.linalg.inv(moves)
    outcome = fundamental @ chain.leaving
    met = np.zeros(size)
    for channel in range(1, channels + 1):
        block = np.flatnonzero(chain.last == channel)
        if block.size == 1:
            met[block] = fundamental[0, block] / fundamental[block, block]
        elif block.size:
            square = fundamental[np.ix_(block, block)]
            met[block] = np.linalg.solve(square.T, fundamental[0, block])
    return met, outcome


def _sparse(chain: Chain, channels: int) -> tuple[Floats, Floats]:
    """The same by iteration: outcomes backwards, then first meetings forwards."""
    order = np.argsort(chain.before, kind="stable")
    outcome = chain.leaving.copy()
    starts = starts_of(chain.before, chain.last.size)
    settled(backward(starts, chain.after[order], chain.share[order], chain.leaving, outcome))
    whole, most = outcome[0], outcome.max(axis=0)
    limit = _ENOUGH * float((whole[most > 0] / most[most > 0]).min(initial=1.0))
    order = np.argsort(chain.after, kind="stable")
    starts = starts_of(chain.after, chain.last.size)
    visits = np.zeros((chain.last.size, channels + 1))
    visits[0, 1:] = 1.0
    met = np.zeros(chain.last.size)
    settled(
        forward(starts, chain.before[order], chain.share[order], chain.last, visits, met, limit)
    )
    return met, outcome


def starts_of(ends: NDArray[np.intp], size: int) -> Ints:
    """Where the edges of each state begin when they are sorted by it: (size + 1,)."""
    return np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=size))]).astype(np.int64)


def settled(sweeps: int) -> None:
    """Raise ``CreditError`` when sweeps (-1) didn't come to rest."""
    if sweeps < 0:
        raise CreditError(
            "The journeys hardly ever end: removal effects can't be computed exactly."
        )


@compiled
def backward(starts: Ints, after: Ints, share: Floats, leaving: Floats, outcome: Floats) -> int:
    """Gauss-Seidel for h = r + Q h in ``outcome`` (S, 2); sweeps made, -1 if it didn't settle.

    From below, so every sweep only adds and rounding brings it to rest; from the last state
    (longest memory) to the start.
    """
    for sweep in range(_SWEEPS):
        moved = False
        for state in range(starts.size - 2, -1, -1):
            one, two = leaving[state, 0], leaving[state, 1]
            for edge in range(starts[state], starts[state + 1]):
                one += share[edge] * outcome[after[edge], 0]
                two += share[edge] * outcome[after[edge], 1]
            moved = moved or one > outcome[state, 0] or two > outcome[state, 1]
            outcome[state, 0], outcome[state, 1] = one, two
        if not moved:
            return sweep
    return -1


@compiled
def forward(
    starts: Ints,
    before: Ints,
    share: Floats,
    last: Ints,
    visits: Floats,
    met: Floats,
    limit: float,
) -> int:
    """Expected visits (S, n + 1) of the walks that stop on meeting channel c, one column each.

    ``met[j]`` is the flow into state j in the column of its own channel. The change of a sweep,
    summed over states, bounds the probability still to be placed (Q's rows sum to at most 1), so
    at ``limit`` the effect lacks at most limit * max(h) / h[start]. Sweeps made, -1 if too many.
    """
    columns = visits.shape[1]
    flow = np.zeros(columns)
    for sweep in range(_SWEEPS):
        change = np.zeros(columns)
        for state in range(1, starts.size - 1):
            flow[:] = 0.0
            for edge in range(starts[state], starts[state + 1]):
                part = share[edge]
                origin = before[edge]
                for column in range(columns):
                    flow[column] += part * visits[origin, column]
            own = last[state]
            met[state] = flow[own]
            flow[own] = 0.0
            for column in range(columns):
                change[column] += abs(flow[column] - visits[state, column])
                visits[state, column] = flow[column]
        if change.max() <= limit:
            return sweep
    return -1
