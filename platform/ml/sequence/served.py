"""The network as it is served: one window after the other, so each is made again to the bit."""

import msgspec
import numpy as np
import onnxruntime

from ml.features.layout import Floats
from ml.sequence.windows import LENGTH, Scaling, Single


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A network's bytes with the scale of its steps; ``bits`` of a weight."""

    names: tuple[str, ...]
    mean: list[float]
    deviation: list[float]
    onnx: bytes
    bits: int


class LastEvents:
    """Log-odds from the last events of somebody."""

    def __init__(self, packed: Packed) -> None:
        """Raises ``RuntimeError`` for bytes that are no graph."""
        self.names, self.bits = packed.names, packed.bits
        self._scale = Scaling(
            mean=np.array(packed.mean, dtype=np.float32),
            deviation=np.array(packed.deviation, dtype=np.float32),
        )
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            packed.onnx, options, providers=["CPUExecutionProvider"]
        )

    def margin(self, window: Single) -> float:
        """Of a window (steps x features, oldest first, the event itself last)."""
        steps = self._scale(window[-LENGTH:])[:, None, :]
        (found,) = self._session.run(
            ["margins"], {"steps": steps, "lengths": np.array([len(steps)], dtype=np.int32)}
        )
        return float(found[0, 0])

    def margins(self, windows: list[Single]) -> Floats:
        """Of several windows (n,)."""
        return np.array([self.margin(window) for window in windows])
