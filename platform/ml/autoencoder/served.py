"""The autoencoder as it is served, without PyTorch."""

import msgspec
import numpy as np
import onnxruntime

from ml.autoencoder.windows import Windows, errors, scaled
from ml.features.layout import Floats

_PART = 1_024


class PackedNetwork(msgspec.Struct, frozen=True, kw_only=True):
    """A graph with the ``scale`` of each channel, and how far steps usually are from rebuilt.

    ``weights``: how much each channel counts.
    """

    scale: list[float]
    usual: list[list[float]]
    weights: list[float]
    onnx: bytes


class Autoencoder:
    """How badly windows are rebuilt by the network."""

    def __init__(self, packed: PackedNetwork) -> None:
        """Raises ``RuntimeError`` for bytes that are no graph."""
        self.packed = packed
        self._scale = np.array(packed.scale, dtype=np.float32)
        self._usual, self._weights = np.array(packed.usual), np.array(packed.weights)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            packed.onnx, options, providers=["CPUExecutionProvider"]
        )

    def residuals(self, windows: Windows) -> Floats:
        """What is left over [n, steps, channels], in deviations of the channel."""
        values = scaled(windows.values, self._scale)
        found = np.empty(values.shape)
        for start in range(0, len(values), _PART):
            part = slice(start, start + _PART)
            given = {
                "values": np.ascontiguousarray(values[part].transpose(1, 0, 2)),
                "known": np.ascontiguousarray(windows.known[part].transpose(1, 0, 2)),
            }
            (rebuilt,) = self._session.run(["rebuilt"], given)
            found[part] = values[part] - rebuilt.transpose(1, 0, 2)
        return found

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
