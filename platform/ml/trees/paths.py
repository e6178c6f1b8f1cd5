"""A forest as the paths to its leaves, which is all that explaining it takes.

Of a leaf only this matters: which features decide on the way to it, between which limits each must
lie, whether a missing value may pass, and what share of the training's events passed there.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from ml.features.layout import Floats

Ints = NDArray[np.int64]
_LEAST = 1e-12
"""A share of nothing would leave nothing to divide by."""


class PackedPaths(msgspec.Struct, frozen=True, kw_only=True):
    """``Paths`` as bytes: little-endian doubles and whole numbers of 64 bits."""

    starts: bytes
    features: bytes
    low: bytes
    high: bytes
    missing: bytes
    shares: bytes
    values: bytes
    base: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Paths:
    """Leaves and the features on the way to each, every feature once.

    ``starts`` (leaves + 1,): where a leaf's features begin. Per feature of a leaf: its place in
    ``features``, ``low`` <= value < ``high``, whether a ``missing`` one passes, and ``shares``, the
    part of the training's weight that passed its tests. ``values`` (leaves,) in log-odds; ``base``
    is what the forest begins with.
    """

    starts: Ints
    features: Ints
    low: Floats
    high: Floats
    missing: Ints
    shares: Floats
    values: Floats
    base: float

    def packed(self) -> PackedPaths:
        """The paths as bytes."""
        return PackedPaths(
            starts=self.starts.tobytes(), features=self.features.tobytes(), low=self.low.tobytes(),
            high=self.high.tobytes(), missing=self.missing.tobytes(), shares=self.shares.tobytes(),
            values=self.values.tobytes(), base=self.base,
        )  # fmt: skip

    @classmethod
    def unpacked(cls, parts: PackedPaths) -> "Paths":
        """The paths of bytes."""
        whole = (np.frombuffer(each, dtype="<i8") for each in
                 (parts.starts, parts.features, parts.missing))  # fmt: skip
        real = (np.frombuffer(each, dtype="<f8") for each in
                (parts.low, parts.high, parts.shares, parts.values))  # fmt: skip
        starts, features, missing = whole
        low, high, shares, values = real
        return cls(starts=starts, features=features, low=low, high=high, missing=missing,
                   shares=shares, values=values, base=parts.base)  # fmt: skip


@dataclass(slots=True)
class _Step:
    """What a path has asked of a feature so far."""

    low: float = -np.inf
    high: float = np.inf
    missing: bool = True
    share: float = 1.0


def paths(trees: Sequence[Mapping[str, Any]], base: float) -> Paths:
    """The paths of trees as XGBoost's JSON has them: a row goes left where it is below."""
    starts, rows, values = [0], [], []
    for tree in trees:
        for asked, value in _leaves(tree):
            rows += [(feature, step) for feature, step in asked.items()]
            starts.append(len(rows))
            values.append(value)
    return Paths(
        starts=np.array(starts, dtype="<i8"),
        features=np.array([feature for feature, _ in rows], dtype="<i8"),
        low=np.array([step.low for _, step in rows], dtype="<f8"),
        high=np.array([step.high for _, step in rows], dtype="<f8"),
        missing=np.array([step.missing for _, step in rows], dtype="<i8"),
        shares=np.array([step.share for _, step in rows], dtype="<f8"),
        values=np.array(values, dtype="<f8"), base=base,
    )  # fmt: skip


def _leaves(tree: Mapping[str, Any]) -> Iterator[tuple[dict[int, _Step], float]]:
    """Each leaf with what is asked on the way to it, and its value."""
    left, right, weight = tree["left_children"], tree["right_children"], tree["sum_hessian"]
    waiting: list[tuple[int, dict[int, _Step]]] = [(0, {})]
    while waiting:
        node, asked = waiting.pop()
        limit = float(np.float32(tree["split_conditions"][node]))
        if left[node] < 0:
            yield asked, limit
            continue
        feature, default = tree["split_indices"][node], bool(tree["default_left"][node])
        for child, goes_left in ((right[node], False), (left[node], True)):
            was = asked.get(feature, _Step())
            step = _Step(
                low=was.low if goes_left else max(was.low, limit),
                high=min(was.high, limit) if goes_left else was.high,
                missing=was.missing and default == goes_left,
                share=max(was.share * weight[child] / weight[node], _LEAST),
            )
            waiting.append((child, {**asked, feature: step}))
