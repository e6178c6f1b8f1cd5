"""Bins of a matrix's columns: tenths of what was learned from, and one for what is not known."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kernel.errors import InvalidInput
from ml.features.layout import Floats

MOST = 10
"""Bins of known values, at most."""
UNKNOWN = MOST
"""The place of what is not known (NaN), behind all others."""
WIDTH = MOST + 1
_TENTHS = np.arange(1, MOST) / MOST


class BinsUnusable(InvalidInput):
    """Edges that do not ascend, or too many."""

    code = "invalid_bins"
    title = "The bins can't be used"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Bins:
    """The edges of each column, ascending: columns x (``MOST`` - 1), infinite where there is none.

    A value lies in the bin whose place is the number of edges below it: an edge belongs to the bin
    on its left.
    """

    edges: Floats

    def __post_init__(self) -> None:
        """Raises ``BinsUnusable``."""
        if self.edges.ndim != 2 or self.edges.shape[1] != MOST - 1:
            raise BinsUnusable(f"A column has {MOST - 1} edges.")
        finite = np.isfinite(self.edges)
        ascends = (self.edges[:, 1:] > self.edges[:, :-1]) | ~finite[:, 1:]
        if np.isnan(self.edges).any() or (self.edges == -np.inf).any() or not ascends.all():
            raise BinsUnusable("Edges are numbers that ascend.")

    def __len__(self) -> int:
        """How many columns."""
        return len(self.edges)

    def of(self, column: int) -> Floats:
        """The edges that a column has."""
        row: Floats = self.edges[column]
        found: Floats = row[np.isfinite(row)]
        return found

    def rows(self) -> list[list[float]]:
        """The edges of each column, as many as it has."""
        return [self.of(column).tolist() for column in range(len(self))]


def unpacked(rows: Sequence[Sequence[float]]) -> Bins:
    """The bins whose ``rows`` these are. Raises ``BinsUnusable``."""
    if any(len(row) >= MOST for row in rows):
        raise BinsUnusable(f"A column has {MOST - 1} edges at most.")
    edges = np.full((len(rows), MOST - 1), np.inf)
    for place, row in enumerate(rows):
        edges[place, : len(row)] = row
    return Bins(edges=edges)


def bins(matrix: Floats) -> Bins:
    """Bins with about as many rows of ``matrix`` (n x columns) in each.

    A value that holds more than a tenth of a column (0 of counts, all of a constant) has a bin of
    its own between what is below and what is above it, so that any other value is seen later.
    """
    return unpacked([_edges(column[~np.isnan(column)]) for column in matrix.T])


def _edges(known: Floats) -> list[float]:
    if not known.size:
        return []
    found = np.quantile(known, _TENTHS, method="inverted_cdf")
    values, times = np.unique(found, return_counts=True)
    # Two quantiles in one place are two edges: just below the value, and it.
    below = np.nextafter(values[times > 1], -np.inf)
    edges: list[float] = np.union1d(values, below).tolist()
    return edges
