"""Markov of order 1 kept up to date: a finished journey changes counts and all removal effects.

Counts are whole numbers (value in the currency's smallest unit), so a journey that is subtracted,
because it turned out longer or its person was erased, leaves nothing behind. Beside them stands the
inverse of A = D - N, where N[s, t] counts the steps from state s to state t and D the steps out of
s. A journey changes the rows of A whose states it visits, each by a change of rank 1 (Sherman,
Morrison 1950, "Adjustment of an inverse matrix", Ann. Math. Stat. 21(1)); in whatever order the
rows are taken, every state in between leads to an end still, so none is singular. With F the
fundamental matrix, inv(A) = F inv(D); D cancels from F[start, c] / F[c, c], and inv(A) times the
counts of conversions is the chance to convert from each state: the formulas are ``chain``'s.

Rounding adds up slowly. A walk ends with probability 1 from every state; how far the inverse is
from saying so is checked with every answer. Beyond 1e-12, and after every so many journeys, the
inverse is computed anew.
"""

from collections.abc import Sequence

import numpy as np

from attribution.credit.chain import Effects
from attribution.credit.compiled import compiled
from attribution.credit.counts import TransitionCounts
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints

EVERY = 1_000
"""Journeys between two inverses computed anew."""

_TOLERATED = 1e-12
_ROOM = 8


class LiveChain:
    """Counts and removal effects of journeys that come and go one by one.

    ``add`` and ``subtract`` cost O(n^2) for each different channel of the journey, ``effects``
    O(n^2); the memory is four matrices of (n + 1)^2 numbers. ``rebuilt`` says how often the inverse
    was computed anew. Not safe for threads.
    """

    __slots__ = ("_every", "_flow", "_inverse", "_since", "_states", "rebuilt")

    def __init__(self, channels: Sequence[str] = (), *, every: int = EVERY) -> None:
        self._states: dict[str, int] = {}
        self._every = every
        self._since = 0
        self.rebuilt = 0
        room = max(len(channels) + 1, _ROOM)
        # Steps (before, after, kind): conversions, nulls, value; after 0 is the end.
        self._flow: Ints = np.zeros((room, room, 3), dtype=np.int64)
        self._inverse: Floats = np.eye(room)
        for name in channels:
            self._state(name)

    @classmethod
    def of(cls, counts: TransitionCounts, *, every: int = EVERY) -> "LiveChain":
        """The chain of ``counts`` (order 1, whole numbers), to go on from."""
        if counts.order != 1:
            raise CreditError("A live chain has order 1.")
        edges = counts.edges.astype(np.int64)
        if not np.array_equal(edges, counts.edges):
            raise CreditError("A live chain counts whole journeys and whole units of value.")
        chain = cls(counts.channels, every=every)
        before, after = np.divmod(counts.keys, len(counts.channels) + 1)
        chain._flow[before, after] = edges
        chain._rebuild()
        return chain

    @property
    def channels(self) -> tuple[str, ...]:
        """All channels ever met, by first appearance."""
        return tuple(self._states)

    def add(
        self, path: Sequence[str], *, conversions: int = 0, nulls: int = 0, value: int = 0
    ) -> None:
        """Count finished journeys along ``path``.

        ``conversions`` of them converted, for ``value`` (smallest units) together; ``nulls`` ended
        without. Raises ``CreditError`` for a path without a touch and for numbers that can't be.
        """
        self._change(path, _amounts(path, conversions, nulls, value))

    def subtract(
        self, path: Sequence[str], *, conversions: int = 0, nulls: int = 0, value: int = 0
    ) -> None:
        """Take back what ``add`` counted; raises ``CreditError`` where there is not as much."""
        amounts = _amounts(path, conversions, nulls, value)
        if amounts.any() and not self._states.keys() >= set(path):
            raise _unknown()
        self._change(path, -amounts)

    def effects(self) -> Effects:
        """Removal effects of all channels, in the order of ``channels``, on conversions and value.

        Those of ``chain.removal_effects`` of the same counts, up to rounding.
        """
        used = len(self._states) + 1
        removal, expected = np.zeros((used - 1, 2)), np.zeros(2)
        if not _answer(self._flow, self._inverse, removal, expected) <= _TOLERATED:
            self._rebuild()
            _answer(self._flow, self._inverse, removal, expected)
        return Effects(removal=removal, expected=expected)

    def counts(self) -> TransitionCounts:
        """The counts as they stand: those of a rescan of all journeys, to the last unit."""
        used = len(self._states) + 1
        flow = self._flow[:used, :used]
        before, after = np.nonzero(flow.any(axis=2))
        return TransitionCounts(
            order=1,
            channels=self.channels,
            keys=before * used + after,
            edges=flow[before, after].astype(np.float64),
        )

    def _change(self, path: Sequence[str], amounts: Ints) -> None:
        journeys = int(amounts[0] + amounts[1])
        if journeys == 0:
            return
        states = np.array([0, *(self._state(name) for name in path), 0], dtype=np.int64)
        if not _count(states, amounts, self._flow):
            _count(states, -amounts, self._flow)
            raise _unknown()
        _follow(states, journeys, self._flow, self._inverse, len(self._states) + 1)
        self._since += 1
        if self._since >= self._every:
            self._rebuild()

    def _state(self, name: str) -> int:
        found = self._states.get(name)
        if found is None:
            found = self._states[name] = len(self._states) + 1
            old = len(self._inverse)
            if found == old:
                flow, inverse = self._flow, self._inverse
                self._flow = np.zeros((2 * old, 2 * old, 3), dtype=np.int64)
                self._inverse = np.eye(2 * old)
                self._flow[:old, :old], self._inverse[:old, :old] = flow, inverse
        return found

    def _rebuild(self) -> None:
        used = len(self._states) + 1
        steps = self._flow[:used, :used, :2].sum(axis=2)
        total = steps.sum(axis=1)
        # A state that nobody leaves has 1 in the diagonal.
        matrix = np.diag(np.where(total > 0, total, 1)).astype(np.float64)
        matrix[:, 1:] -= steps[:, 1:]
        self._inverse[:used, :used] = np.linalg.inv(matrix)
        self._since = 0
        self.rebuilt += 1


def _amounts(path: Sequence[str], conversions: int, nulls: int, value: int) -> Ints:
    if not path:
        raise CreditError("A journey needs at least one touch.")
    if min(conversions, nulls, value) < 0 or (value > 0 and conversions == 0):
        raise CreditError("Journeys and value are at least 0, and value needs a conversion.")
    return np.array([conversions, nulls, value], dtype=np.int64)


def _unknown() -> CreditError:
    return CreditError("These journeys were never counted, so they can't be subtracted.")


@compiled
def _count(states: Ints, amounts: Ints, flow: Ints) -> bool:
    """Add journeys to the counts; whether all of these can still be.

    ``states`` are the start, the touches, and 0 for the end; a step to the same state is none.
    """
    for at in range(states.size - 1):
        if states[at] != states[at + 1]:
            for kind in range(3):
                flow[states[at], states[at + 1], kind] += amounts[kind]
    for at in range(states.size - 1):
        step = flow[states[at], states[at + 1]]
        if step[0] < 0 or step[1] < 0 or step[2] < 0 or (step[2] > 0 and step[0] == 0):
            return False
    return True


@compiled
def _follow(states: Ints, journeys: int, flow: Ints, inverse: Floats, used: int) -> None:
    """Bring the inverse up to the counts, which hold the ``journeys`` already: row by row."""
    done = np.zeros(used, np.bool_)
    change = np.empty(used)
    for first in range(states.size - 1):
        state = states[first]
        if done[state]:
            continue
        done[state] = True
        _row(states[first:], journeys, flow[state], inverse, change)
        pivot = 1.0 + change[state]
        for origin in range(used):
            part = inverse[origin, state] / pivot
            if part != 0.0:
                for column in range(used):
                    inverse[origin, column] -= part * change[column]


@compiled
def _row(states: Ints, journeys: int, flow: Ints, inverse: Floats, change: Floats) -> None:
    """How the row of ``states[0]`` in A changes, times the inverse; ``flow`` are its steps now."""
    state = states[0]
    change[:] = 0.0
    left = 0
    for at in range(states.size - 1):
        after = states[at + 1]
        if states[at] != state or after == state:
            continue
        left += journeys
        if after > 0:
            for column in range(change.size):
                change[column] -= journeys * inverse[after, column]
    total = 0
    for other in range(change.size):
        total += flow[other, 0] + flow[other, 1]
    more = float(max(total, 1) - max(total - left, 1))
    for column in range(change.size):
        change[column] += more * inverse[state, column]


@compiled
def _answer(flow: Ints, inverse: Floats, removal: Floats, expected: Floats) -> float:
    """Fill effects (n, 2) and expectations (2,); how far ends are from being certain."""
    used = removal.shape[0] + 1
    outcome = np.zeros((used, 2))
    drift = 0.0
    for state in range(used):
        end, won, worth, total = 0.0, 0.0, 0.0, 0
        for other in range(used):
            part, leaving = inverse[state, other], flow[other, 0]
            won += part * leaving[0]
            worth += part * leaving[2]
            end += part * (leaving[0] + leaving[1])
            total += flow[state, other, 0] + flow[state, other, 1]
        if total > 0:
            outcome[state, 0], outcome[state, 1] = won, worth
            off = abs(end - 1.0)
            drift = off if not off <= drift else drift
    expected[:] = outcome[0]
    for state in range(1, used):
        met = inverse[0, state] / inverse[state, state]
        for kind in range(2):
            if expected[kind] > 0.0:
                share = met * outcome[state, kind] / expected[kind]
                removal[state - 1, kind] = min(max(share, 0.0), 1.0)
    return drift
