"""Transitions between states, counted: sums that can be added, and all a Markov model needs."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.credit import passes
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints, Paths

START, CONVERSION, NULL = "(start)", "(conversion)", "(null)"
ORDERS = range(1, 5)
_DIRECT = 1 << 20
_MIX = 0x9E3779B97F4A7C15 - (1 << 64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TransitionCounts:
    """How often journeys passed from state to state; ``a + b`` counts the journeys of both.

    A state is the last ``order`` touches (all touches while there are fewer); consecutive equal
    states are one. States are numbers in base n + 1, digit = place in ``channels`` + 1, the start
    is 0. ``keys`` are transitions: the state before, then one digit for the touch that follows (0:
    the journey ends), sorted. ``edges`` (m, 3) are the converting journeys, null journeys and value
    that pass. Sums are of floats: subtract by adding counts of negative journeys.
    """

    order: int
    channels: tuple[str, ...]
    keys: Ints
    edges: Floats

    def __add__(self, other: "TransitionCounts") -> "TransitionCounts":
        if self.order != other.order:
            raise CreditError("Counts of different orders can't be added.")
        channels = tuple(dict.fromkeys((*self.channels, *other.channels)))
        one, two = self._recoded(channels), other._recoded(channels)
        keys, place = np.unique(np.concatenate([one, two]), return_inverse=True)
        edges = np.zeros((keys.size, 3))
        np.add.at(edges, place, np.concatenate([self.edges, other.edges]))
        return TransitionCounts(order=self.order, channels=channels, keys=keys, edges=edges)

    merge = __add__

    def _recoded(self, channels: tuple[str, ...]) -> Ints:
        """The keys under another list of channels."""
        if channels == self.channels:
            return self.keys
        check_order(self.order, len(channels))
        place = {name: index + 1 for index, name in enumerate(channels)}
        digits = np.array([0, *(place[name] for name in self.channels)], np.int64)
        recoded = np.zeros_like(self.keys)
        for power in range(self.order, -1, -1):
            digit = self.keys // (len(self.channels) + 1) ** power % (len(self.channels) + 1)
            recoded = recoded * (len(channels) + 1) + digits[digit]
        return recoded

    def dense(self) -> Floats:
        """Order 1 as a matrix (n + 3, n + 3) of journeys: start, channels, conversion, null.

        Raises ``CreditError`` at a higher order.
        """
        if self.order != 1:
            raise CreditError("Only order 1 has a dense form.")
        n = len(self.channels)
        matrix = np.zeros((n + 3, n + 3))
        before, digit = self.keys // (n + 1), self.keys % (n + 1)
        ends = digit == 0
        matrix[before[~ends], digit[~ends]] = self.edges[~ends, :2].sum(axis=1)
        matrix[before[ends], n + 1] = self.edges[ends, 0]
        matrix[before[ends], n + 2] = self.edges[ends, 1]
        return matrix

    def rows(self) -> list[tuple[str, str, float]]:
        """Order 1 as (before, after, journeys), without zeros."""
        names = (START, *self.channels, CONVERSION, NULL)
        matrix = self.dense()
        return [
            (names[i], names[j], float(matrix[i, j])) for i, j in np.argwhere(matrix > 0).tolist()
        ]


def check_order(order: int, channels: int) -> None:
    """Raise ``CreditError`` for an order outside 1-4 or one whose states overflow 63 bits."""
    if order not in ORDERS:
        raise CreditError("order must be a whole number from 1 to 4.")
    if (channels + 1) ** (order + 1) >= 1 << 63:
        raise CreditError(
            f"{channels} channels are too many for order {order}: choose a lower one."
        )


def transition_counts(paths: Paths, order: int = 1) -> TransitionCounts:
    """Count the transitions of ``paths`` at ``order`` (1-4); one pass over the touches."""
    base = len(paths.channels) + 1
    check_order(order, base - 1)
    amounts = np.column_stack([paths.conversions, paths.nulls, paths.value])
    direct = base ** (order + 1) <= _DIRECT
    size = 1 << (base ** (order + 1)).bit_length() if direct else 1 << 16
    shape = np.array([base, base**order, 1 if direct else _MIX], np.int64)
    while True:
        keys = np.empty(size // 2 if not direct else size, np.int64)
        edges = np.zeros((keys.size, 3))
        slots: NDArray[np.int32] = np.full(size, -1, np.int32)
        found = passes.grams(paths.tokens, paths.offsets, amounts, shape, keys, edges, slots)
        if found >= 0:
            break
        size *= 8
    sorting = np.argsort(keys[:found])
    return TransitionCounts(
        order=order,
        channels=paths.channels,
        keys=keys[:found][sorting],
        edges=edges[:found][sorting],
    )
