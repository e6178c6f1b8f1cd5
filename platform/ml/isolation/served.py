"""The forest as it is served."""

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ml.features.layout import Floats

_LARGEST = 1e30


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A forest's graph; ``medians`` stand for what is not known."""

    medians: list[float]
    onnx: bytes


class Isolation:
    """How unusual rows are."""

    def __init__(self, packed: Packed) -> None:
        """Raises ``RuntimeError`` for bytes that are no graph."""
        self._medians = np.array(packed.medians)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            packed.onnx, options, providers=["CPUExecutionProvider"]
        )

    def margins(self, matrix: Floats) -> Floats:
        """Of rows (n x features), n numbers: above 0 is unusual."""
        if not len(matrix):
            return np.empty(0)
        (found,) = self._session.run(["scores"], {"features": filled(matrix, self._medians)})
        margins: Floats = -np.asarray(found, dtype=np.float64).ravel()
        return margins


def filled(matrix: Floats, medians: Floats) -> NDArray[np.float32]:
    """Rows in single precision with ``medians`` for what is not known."""
    known = np.clip(np.where(np.isnan(matrix), medians, matrix), -_LARGEST, _LARGEST)
    rows: NDArray[np.float32] = known.astype(np.float32)
    return rows
