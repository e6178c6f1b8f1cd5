"""Clicks of sources and the installs they claim, in columns."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Clicks:
    """One row a claimed install, and how many clicks each source made.

    ``source`` (installs,) numbers ``sources``; ``seconds`` (installs,) is the CTIT, not negative;
    ``clicks`` (sources,) counts clicks that led to nothing too, ``None`` where only installs are
    known. ``unreadable`` rows were left out; ``backwards`` ones claim a click after its install.
    """

    sources: tuple[str, ...]
    source: Ints
    seconds: Floats
    clicks: Ints | None = None
    unreadable: int = 0
    backwards: int = 0

    def counts(self, low: float, high: float) -> Ints:
        """Installs of each source from ``low`` to below ``high`` seconds after their click."""
        there = (self.seconds >= low) & (self.seconds < high)
        return np.bincount(self.source[there], minlength=len(self.sources)).astype(np.int64)

    def installs(self) -> Ints:
        """Installs of each source: (sources,)."""
        return np.bincount(self.source, minlength=len(self.sources)).astype(np.int64)
