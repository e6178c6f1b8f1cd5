"""What is common to all models that are served: how they are asked, and what they answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ml.features.layout import Floats
from ml.sequence.windows import Single

Windows = Callable[[NDArray[np.int64]], Sequence[Single | None]]
"""The last events of whom the rows at some places are of; ``None`` where nobody knows them."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """What a model found of n rows.

    ``margins``: by member beside the trees its log-odds (n,), NaN where it was not asked.
    ``windows``: by place, the last events that were looked at.
    """

    probabilities: Floats
    margins: Mapping[str, Floats] = field(default_factory=dict)
    windows: Mapping[int, Single] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Contributions:
    """What each input adds to the log-odds, n x names, on top of ``bias`` (one, or n).

    Of features they are exact Shapley values (``ml.trees.shapley``). A row and the bias sum to the
    log-odds.
    """

    values: Floats
    bias: float | Floats


class Served(Protocol):
    """A model as it is served; ``version`` names its bytes, ``names`` what it explains by."""

    version: str
    names: tuple[str, ...]
    usual: tuple[tuple[float, float] | None, ...]
    windowed: bool

    def judge(
        self, matrix: Floats, ids: Floats | None = None, windows: Windows | None = None
    ) -> Found:
        """What is found of rows (n x features); ``ids`` (n x entities) and ``windows`` if known."""

    def explain(self, matrix: Floats, margins: Mapping[str, Floats] | None = None) -> Contributions:
        """Why; ``margins`` as ``judge`` found them."""
