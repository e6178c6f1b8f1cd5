"""The scores of the graph as they are served: looked up and added."""

import msgspec
import numpy as np

from ml.features.layout import Floats

MOST_NODES = 60_000
"""Nodes whose scores are kept: 12 bytes each."""


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """``ids`` (doubles, ascending) with their ``scores`` (singles)."""

    ids: bytes
    scores: bytes
    base: float


class Ring:
    """Log-odds of events by whom they name."""

    def __init__(self, packed: Packed) -> None:
        self._ids = np.frombuffer(packed.ids, dtype=np.float64)
        self._scores = np.frombuffer(packed.scores, dtype=np.float32).astype(np.float64)
        self._base = packed.base

    def margins(self, ids: Floats) -> Floats:
        """Of events by ``ids`` (n x sorts), n numbers; whom nobody knows adds nothing."""
        if not self._ids.size:
            return np.full(len(ids), self._base)
        places = np.minimum(np.searchsorted(self._ids, ids), self._ids.size - 1)
        known = self._ids[places] == ids
        margins: Floats = np.where(known, self._scores[places], 0.0).sum(axis=1) + self._base
        return margins
