"""Counting rows into bins: additive, so that processes and hours may count apart."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.drift.bins import WIDTH, Bins
from ml.features.layout import Floats
from ml.trees.shapley import compiled

Counts = NDArray[np.int64]
"""Columns x ``WIDTH``."""
TIMES = np.geomspace(0.1, 10_000.0, 51)
"""Milliseconds up to which a duration falls into a place; ten places make a power of ten."""


def nothing(columns: int) -> Counts:
    """Counts of no row."""
    return np.zeros((columns, WIDTH), dtype=np.int64)


def count(bins: Bins, matrix: Floats) -> Counts:
    """How many rows of ``matrix`` (n x columns) lie in each bin of each column."""
    found = nothing(len(bins))
    _count(np.ascontiguousarray(matrix, dtype=np.float64), bins.edges, found)
    return found


@compiled
def _count(matrix: Any, edges: Any, found: Any) -> None:
    for n in range(matrix.shape[0]):
        for column in range(edges.shape[0]):
            value = matrix[n, column]
            place = edges.shape[1] + 1
            if not np.isnan(value):
                place = 0
                while place < edges.shape[1] and edges[column, place] < value:
                    place += 1
            found[column, place] += 1


def time_place(milliseconds: float) -> int:
    """The place of a duration among ``TIMES``; what is longer than all falls into the last."""
    return min(int(np.searchsorted(TIMES, milliseconds)), TIMES.size - 1)


def percentile(times: NDArray[np.int64], share: float) -> float | None:
    """Milliseconds within which ``share`` of the counted durations ended; ``None`` of none."""
    total = int(times.sum())
    if not total:
        return None
    return float(TIMES[int(np.searchsorted(np.cumsum(times), share * total))])
