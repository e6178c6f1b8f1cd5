"""Trees as they are served: probabilities by ONNX Runtime, explanations by their paths.

One thread in both: a row's sum is made in one order, so it is the same alone and in a batch, and a
decision can be made again to the bit.
"""

from collections.abc import Mapping
from hashlib import sha256

import msgspec
import numpy as np
import onnxruntime
from numpy.typing import NDArray
from scipy.special import expit

from kernel.errors import InvalidInput
from ml.features.layout import Floats
from ml.served import Contributions, Found, Windows
from ml.training.calibration import Calibration
from ml.trees.paths import PackedPaths, Paths
from ml.trees.shapley import shapley


class ArtefactUnusable(InvalidInput):
    """Bytes that are no model, or one of other features."""

    code = "invalid_model"
    title = "The model can't be used"


class RowsUnusable(InvalidInput):
    """Rows of another number of features than the model has."""

    code = "invalid_rows"
    title = "The model can't judge this"


class Header(msgspec.Struct, frozen=True, kw_only=True):
    """What a forest is of: its inputs in their order, its calibration, what is usual of people.

    ``usual``: by feature, the 5th and 95th percentile of honest events, ``None`` where unknown.
    """

    features: tuple[str, ...]
    features_version: str
    slope: float
    shift: float
    usual: tuple[tuple[float, float] | None, ...]
    trees: int


class _Packed(msgspec.Struct, frozen=True, kw_only=True):
    header: Header
    onnx: bytes
    paths: PackedPaths


class Forest:
    """A served forest; ``version`` names its bytes."""

    family = "trees"
    windowed = False

    def __init__(self, artefact: bytes) -> None:
        """Raises ``ArtefactUnusable``."""
        try:
            parts = msgspec.msgpack.decode(artefact, type=_Packed)
        except msgspec.MsgspecError as error:
            raise ArtefactUnusable(f"This is no model: {error}") from None
        self.header, self.version = parts.header, sha256(artefact).hexdigest()
        self._calibration = Calibration(slope=self.header.slope, shift=self.header.shift)
        self._paths = Paths.unpacked(parts.paths)
        self.names, self.usual = self.header.features, self.header.usual
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                parts.onnx, options, providers=["CPUExecutionProvider"]
            )
        except RuntimeError as error:
            raise ArtefactUnusable(f"This is no graph: {error}") from None

    def margins(self, matrix: Floats) -> Floats:
        """The calibrated log-odds of each row, n x features in the header's order.

        Raises ``RowsUnusable``.
        """
        single = self._single(matrix)
        if not len(single):
            return np.empty(0)
        (found,) = self._session.run(["probabilities"], {"features": single})
        return self._calibration.margins(np.asarray(found, dtype=np.float64)[:, 1])

    def probabilities(self, matrix: Floats) -> Floats:
        """The calibrated probability of each row. Raises ``RowsUnusable``."""
        found: Floats = expit(self.margins(matrix))
        return found

    def judge(
        self, matrix: Floats, ids: Floats | None = None, windows: Windows | None = None
    ) -> Found:
        """As all that is served; a forest looks at the row alone."""
        return Found(probabilities=self.probabilities(matrix))

    def explain(self, matrix: Floats, margins: Mapping[str, Floats] | None = None) -> Contributions:
        """What every feature adds to the log-odds of each row. Raises ``RowsUnusable``."""
        found, bias = shapley(self._paths, self._single(matrix).astype(np.float64))
        slope, shift = self.header.slope, self.header.shift
        return Contributions(values=slope * found, bias=slope * bias + shift)

    def _single(self, matrix: Floats) -> NDArray[np.float32]:
        """In single precision, as the graph compares: a value at a limit goes the same way."""
        if matrix.ndim != 2 or matrix.shape[1] != len(self.header.features):
            raise RowsUnusable(f"The model has {len(self.header.features)} features.")
        with np.errstate(over="ignore"):  # what is too great for it is beyond every limit
            return matrix.astype(np.float32)


def packed(header: Header, onnx: bytes, paths: Paths) -> bytes:
    """The bytes of an artefact."""
    return msgspec.msgpack.encode(_Packed(header=header, onnx=onnx, paths=paths.packed()))
