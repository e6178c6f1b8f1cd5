"""Markov credit from summed stores: exact removal effects of all keys from one inverse.

With Q the transition probabilities between states, F = (I - Q)^-1 and h = F r (r = one-step
probability of conversion), the removal effect of a key whose states are J is
``F[start, J] F[J, J]^-1 h[J] / h[start]``: the share of conversions whose walk meets J. For values
r is the value leaving a state over all journeys leaving it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from attribution.store.words import END, START
from kernel.errors import InvalidInput

Floats = NDArray[np.float64]
State = tuple[int, ...]
Edge = tuple[State, State, float, float, float]
_MOST_STATES = 6_000


class TooManyStates(InvalidInput):
    """The chain of this order has more states than a page can wait for."""

    code = "too_many_states"
    title = "Too many different paths"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Removal effects by key, on conversions and on value, each in 0..1."""

    conversions: dict[int, float]
    value: dict[int, float]


def of_transitions(rows: Iterable[tuple[int, int, int, int, int]]) -> Effects:
    """Order 1, from rows (before, after, converting journeys, null journeys, value)."""
    return _solve(
        [
            (_state(before), _state(after), float(converting), float(nulls), float(value))
            for before, after, converting, nulls, value in rows
        ]
    )


def of_paths(rows: Iterable[tuple[Sequence[int], int, int, int]], order: int) -> Effects:
    """Any order, from rows (path, converting journeys, null journeys, value)."""
    edges: dict[tuple[State, State], list[float]] = {}
    for path, converting, nulls, value in rows:
        states = [(), *(tuple(path[max(0, i - order) : i]) for i in range(1, len(path) + 1))]
        for pair in pairwise([*states, (END,)]):
            entry = edges.setdefault(pair, [0.0, 0.0, 0.0])
            entry[0] += converting
            entry[1] += nulls
            entry[2] += value
    return _solve([(before, after, s[0], s[1], s[2]) for (before, after), s in edges.items()])


def _state(key: int) -> State:
    return () if key == START else (key,)


def _solve(edges: Sequence[Edge]) -> Effects:
    states = sorted({edge[0] for edge in edges} | {edge[1] for edge in edges} - {(END,)})
    if len(states) <= 1:
        return Effects(conversions={}, value={})
    if len(states) > _MOST_STATES:
        raise TooManyStates("Choose a shorter range or a lower order.", states=len(states))
    index = {state: number for number, state in enumerate(states)}
    moves = np.zeros((len(states), len(states)))
    leaving = np.zeros((len(states), 2))
    total = np.zeros(len(states))
    for before, after, converting, nulls, value in edges:
        row = index[before]
        total[row] += converting + nulls
        if after == (END,):
            leaving[row] += (converting, value)
        else:
            moves[row, index[after]] += converting + nulls
    share = np.where(total > 0, total, 1.0)[:, None]
    fundamental = np.linalg.inv(np.eye(len(states)) - moves / share).astype(np.float64, copy=False)
    hopes = fundamental @ (leaving / share)
    keys = sorted({state[-1] for state in states if state})
    blocks = {key: [index[s] for s in states if s and s[-1] == key] for key in keys}
    found = {key: _effect(fundamental, hopes, index[()], block) for key, block in blocks.items()}
    return Effects(
        conversions={key: float(effect[0]) for key, effect in found.items()},
        value={key: float(effect[1]) for key, effect in found.items()},
    )


def _effect(fundamental: Floats, hopes: Floats, start: int, block: list[int]) -> Floats:
    """Removal effects (conversions, value) of the states ``block``; 0 where nothing converts."""
    first_met = np.linalg.solve(fundamental[np.ix_(block, block)].T, fundamental[start, block])
    effect: Floats = np.divide(
        first_met @ hopes[block],
        hopes[start],
        out=np.zeros(hopes.shape[1]),
        where=hopes[start] > 0,
    )
    return np.clip(effect, 0.0, 1.0)


def shares(effects: dict[int, float]) -> dict[int, float]:
    """Effects scaled to sum to one (to nothing, when all are zero)."""
    total = sum(effects.values())
    return {key: effect / total for key, effect in effects.items()} if total > 0 else {}
