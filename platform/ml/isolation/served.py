"""The forest as it is served."""

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray

from ml.features.layout import Floats

TREES = 100
_LARGEST = 1e30


class Packed(msgspec.Struct, frozen=True, kw_only=True):
    """A forest's graph; ``medians`` stand for what is not known.

    ``usual_depth`` is where a usual event ends in a tree, ``offset`` the score from which on
    scikit-learn calls an event usual.
    """

    medians: list[float]
    onnx: bytes
    usual_depth: float
    offset: float


class Isolation:
    """How unusual rows are."""

    def __init__(self, packed: Packed) -> None:
        """Raises ``RuntimeError`` for bytes that are no graph."""
        self._medians, self._packed = np.array(packed.medians), packed
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            packed.onnx, options, providers=["CPUExecutionProvider"]
        )

    def margins(self, matrix: Floats) -> Floats:
        """Of rows (n x features), n numbers: above 0 is unusual."""
        if not len(matrix):
            return np.empty(0)
        (found,) = self._session.run(["depths"], {"features": filled(matrix, self._medians)})
        depth = np.asarray(found, dtype=np.float64).ravel() / TREES
        margins: Floats = 2.0 ** (-depth / self._packed.usual_depth) + self._packed.offset
        return margins


def filled(matrix: Floats, medians: Floats) -> NDArray[np.float32]:
    """Rows in single precision with ``medians`` for what is not known."""
    known = np.clip(np.where(np.isnan(matrix), medians, matrix), -_LARGEST, _LARGEST)
    rows: NDArray[np.float32] = known.astype(np.float32)
    return rows
