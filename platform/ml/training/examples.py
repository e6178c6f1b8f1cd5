"""What a model learns from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kernel.errors import InvalidInput
from ml.features.layout import Floats
from ml.sequence.windows import Histories


class ExamplesUnusable(InvalidInput):
    """Too few examples, or all of one kind."""

    code = "invalid_examples"
    title = "A model can't be trained from this"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Context:
    """What stands around each of n examples: ``ids`` (n x entities) of whom it is about.

    ``places`` (n,) are the examples' own places in ``histories``.
    """

    ids: Floats
    histories: Histories
    places: NDArray[np.int64]

    def of(self, rows: NDArray[np.int64]) -> "Context":
        """Of the examples at these places."""
        return Context(ids=self.ids[rows], histories=self.histories, places=self.places[rows])

    def joined(self, later: "Context") -> "Context":
        """Of these and ``later`` examples of the same histories."""
        return Context(
            ids=np.concatenate([self.ids, later.ids]), histories=self.histories,
            places=np.concatenate([self.places, later.places]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Examples:
    """Events whose truth is known, in the order of time.

    ``matrix``: n x ``names``, NaN where unknown. ``truth``: 1.0 where it holds, else 0.0.
    ``at``: seconds since 2000-01-01 UTC. ``context``: for models that see more than a row.
    """

    names: Sequence[str]
    matrix: Floats
    truth: Floats
    at: Floats
    context: Context | None = None

    def __post_init__(self) -> None:
        """Raises ``ExamplesUnusable`` where sizes differ or times go backwards."""
        n = len(self.matrix)
        if self.matrix.shape != (n, len(self.names)) or not n == self.truth.size == self.at.size:
            raise ExamplesUnusable("Each example has a row, a truth and a time.")
        if self.context is not None and not n == len(self.context.ids) == self.context.places.size:
            raise ExamplesUnusable("Each example has ids and a place in its history.")
        if n and float(np.diff(self.at).min(initial=0.0)) < 0.0:
            raise ExamplesUnusable("Examples come in the order of time.")

    def __len__(self) -> int:
        """How many."""
        return len(self.matrix)

    def of(self, rows: NDArray[np.int64]) -> "Examples":
        """The examples at these places, which ascend."""
        return Examples(
            names=self.names, matrix=self.matrix[rows], truth=self.truth[rows], at=self.at[rows],
            context=self.context.of(rows) if self.context else None,
        )  # fmt: skip

    def joined(self, later: "Examples") -> "Examples":
        """These and ``later`` ones of the same features."""
        both = self.context and later.context
        return Examples(
            names=self.names, matrix=np.concatenate([self.matrix, later.matrix]),
            truth=np.concatenate([self.truth, later.truth]), at=np.concatenate([self.at, later.at]),
            context=self.context.joined(later.context) if both else None,  # type: ignore[union-attr, arg-type]  # both are there
        )  # fmt: skip
