"""Principal components of windows: the straight way through a narrow place.

Each window is one row of steps x channels numbers; what the first ``count`` components of clean
windows leave over is its residual (Jackson & Mudholkar, Technometrics 1979: the Q statistic).
"""

import msgspec
import numpy as np

from ml.autoencoder.windows import Single, Windows, errors, scale_of, scaled, usual, weights
from ml.features.layout import Floats


class PackedComponents(msgspec.Struct, frozen=True, kw_only=True):
    """``mean`` (steps x channels numbers) and ``components``; ``scale`` of a channel.

    ``weights``: how much each channel counts.
    """

    steps: int
    channels: int
    scale: list[float]
    mean: list[float]
    components: list[list[float]]
    usual: list[list[float]]
    weights: list[float]


class Components:
    """How badly windows are rebuilt from the components."""

    def __init__(self, packed: PackedComponents) -> None:
        self.packed = packed
        self._scale = np.array(packed.scale, dtype=np.float32)
        self._mean, self._components = np.array(packed.mean), np.array(packed.components)
        self._usual, self._weights = np.array(packed.usual), np.array(packed.weights)

    def residuals(self, windows: Windows) -> Floats:
        """What is left over [n, steps, channels], in deviations of the channel."""
        return _left(scaled(windows.values, self._scale), self._mean, self._components)

    def shares(self, windows: Windows) -> Floats:
        """Residuals by their usual deviation, [n, steps, channels]."""
        found: Floats = self.residuals(windows) / self._usual
        return found

    def changes(self, windows: Windows) -> Floats:
        """Residuals on the values' own scale, [n, steps, channels]."""
        found: Floats = self.residuals(windows) * self._scale
        return found

    def errors(self, windows: Windows) -> Floats:
        """One number a window [n]."""
        return errors(self.residuals(windows), self._usual, self._weights)


def fit(clean: Windows, held: Windows, *, count: int) -> PackedComponents:
    """The first ``count`` components of ``clean``; what they leave of ``held`` is usual."""
    scale = scale_of(clean.values)
    rows = scaled(clean.values, scale).reshape(len(clean), -1).astype(np.float64)
    mean = rows.mean(axis=0)
    spread = np.cov(rows - mean, rowvar=False)
    components = np.linalg.eigh(spread)[1][:, ::-1][:, :count].T
    later = scaled(held.values, scale)
    left = _left(later, mean, components)
    return PackedComponents(
        steps=clean.values.shape[1], channels=clean.values.shape[2], scale=scale.tolist(),
        mean=mean.tolist(), components=components.tolist(), usual=usual(left).tolist(),
        weights=weights(left, later).tolist(),
    )  # fmt: skip


def _left(values: Single | Floats, mean: Floats, components: Floats) -> Floats:
    apart = values.reshape(len(values), -1) - mean
    found: Floats = (apart - (apart @ components.T) @ components).reshape(values.shape)
    return found
