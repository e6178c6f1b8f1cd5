"""The last events of whoever an event is of, as a network reads them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

LENGTH = 100
"""Events a window holds at most, the latest ones."""
_FARTHEST = 5.0
Single = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Histories:
    """Events of many people in one order: ``steps`` (n x ``names``, NaN where unknown).

    ``before`` (n,) is the place of the same person's event before, -1 where there is none.
    """

    names: Sequence[str]
    steps: Single
    before: NDArray[np.int64]

    def window(self, place: int) -> Single:
        """The steps up to and with the event at ``place``, at most ``LENGTH``, oldest first."""
        found, lengths = _windows(self.steps, self.before, np.array([place]), LENGTH)
        return np.ascontiguousarray(found[0, : lengths[0]])

    def windows(self, places: NDArray[np.int64]) -> tuple[Single, NDArray[np.int64]]:
        """Windows of several events, n x longest x features, zero after their end; lengths (n,)."""
        found, lengths = _windows(self.steps, self.before, places, LENGTH)
        return np.ascontiguousarray(found[:, : max(int(lengths.max(initial=1)), 1)]), lengths


def previous(ids: NDArray[np.float64]) -> NDArray[np.int64]:
    """By event (n,), the place of the one before with the same id, -1 without one; 0 is nobody."""
    order = np.argsort(ids, kind="stable")
    ordered, found = ids[order], np.full(ids.size, -1, dtype=np.int64)
    same = np.flatnonzero((ordered[1:] == ordered[:-1]) & (ordered[1:] != 0.0))
    found[order[same + 1]] = order[same]
    return found


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scaling:
    """Steps as the network takes them: signed logarithms, by ``mean`` and ``deviation``.

    Unknown is the mean; nothing is farther than five deviations from it.
    """

    mean: Single
    deviation: Single

    def __call__(self, steps: Single) -> Single:
        """Steps (… x features) on the network's scale."""
        scaled = (_squashed(steps) - self.mean) / self.deviation
        known: Single = np.nan_to_num(scaled, nan=0.0, posinf=_FARTHEST, neginf=-_FARTHEST)
        return np.clip(known, -_FARTHEST, _FARTHEST).astype(np.float32)


def scaling(steps: Single) -> Scaling:
    """The scale of ``steps`` (n x features); a feature nobody knows, or a constant, counts as 0."""
    squashed = _squashed(steps).astype(np.float64)
    known = np.isfinite(squashed)
    count = np.maximum(known.sum(axis=0), 1)
    filled = np.where(known, squashed, 0.0)
    mean = filled.sum(axis=0) / count
    spread = np.sqrt((np.where(known, squashed - mean, 0.0) ** 2).sum(axis=0) / count)
    return Scaling(
        mean=mean.astype(np.float32),
        deviation=np.where(spread > 1e-6, spread, 1.0).astype(np.float32),
    )


def _squashed(steps: Single) -> Single:
    found: Single = np.sign(steps) * np.log1p(np.abs(steps))
    return found


@njit(cache=True)
def _windows(
    steps: Single, before: NDArray[np.int64], places: NDArray[np.int64], length: int
) -> tuple[Single, NDArray[np.int64]]:
    found = np.zeros((places.size, length, steps.shape[1]), dtype=np.float32)
    lengths = np.zeros(places.size, dtype=np.int64)
    for n in range(places.size):
        place, count = places[n], 0
        while place >= 0 and count < length:
            count += 1
            place = before[place]
        lengths[n] = count
        place = places[n]
        for back in range(count):
            found[n, count - 1 - back] = steps[place]
            place = before[place]
    return found, lengths
