"""What a model learns from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernel.errors import InvalidInput
from ml.features.layout import Floats


class ExamplesUnusable(InvalidInput):
    """Too few examples, or all of one kind."""

    code = "invalid_examples"
    title = "A model can't be trained from this"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Events whose truth is known, in the order of time.

    ``matrix``: n x ``names``, NaN where unknown. ``truth``: 1.0 where it holds, else 0.0.
    ``at``: seconds since 2000-01-01 UTC.
    """

    names: Sequence[str]
    matrix: Floats
    truth: Floats
    at: Floats

    def __post_init__(self) -> None:
        """Raises ``ExamplesUnusable`` where sizes differ or times go backwards."""
        n = len(self.matrix)
        if self.matrix.shape != (n, len(self.names)) or not n == self.truth.size == self.at.size:
            raise ExamplesUnusable("Each example has a row, a truth and a time.")
        if n and float(np.diff(self.at).min(initial=0.0)) < 0.0:
            raise ExamplesUnusable("Examples come in the order of time.")

    def __len__(self) -> int:
        """How many."""
        return len(self.matrix)

    def of(self, rows: NDArray[np.int64]) -> "Examples":
        """The examples at these places, which ascend."""
        return Examples(
            names=self.names, matrix=self.matrix[rows], truth=self.truth[rows], at=self.at[rows]
        )

    def joined(self, later: "Examples") -> "Examples":
        """These and ``later`` ones of the same features."""
        return Examples(
            names=self.names, matrix=np.concatenate([self.matrix, later.matrix]),
            truth=np.concatenate([self.truth, later.truth]), at=np.concatenate([self.at, later.at]),
        )  # fmt: skip
