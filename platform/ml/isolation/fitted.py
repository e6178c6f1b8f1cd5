"""Fitting the forest, and the bytes that are served."""

import warnings

import numpy as np
from sklearn.ensemble import IsolationForest

from ml.features.layout import Floats
from ml.isolation.served import Isolation, Packed, filled
from ml.training.examples import Examples

TREES = 100
SAMPLE = 256
"""Events a tree is grown from, as the paper has it."""
_OPSET = {"": 15, "ai.onnx.ml": 3}


def fit(learn: Examples, *, seed: int) -> tuple[IsolationForest, Packed]:
    """A forest of ``learn``'s rows, whatever their truth, and what it is served from.

    What is not known counts as the median of what is.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a feature that nobody knows
        medians = np.nan_to_num(np.nanmedian(learn.matrix, axis=0))
    rows = filled(learn.matrix, medians)
    forest = IsolationForest(n_estimators=TREES, max_samples=min(SAMPLE, len(rows)),
                             random_state=seed, n_jobs=1).fit(rows)  # fmt: skip
    return forest, Packed(medians=medians.tolist(), onnx=_graph(forest, rows.shape[1]))


def parity(forest: IsolationForest, packed: Packed, matrix: Floats) -> float:
    """The greatest difference between what was trained and what is served, 0 to 1."""
    trained = -forest.decision_function(filled(matrix, np.array(packed.medians)))
    return float(np.abs(trained - Isolation(packed).margins(matrix)).max(initial=0.0))


def _graph(forest: IsolationForest, features: int) -> bytes:
    from skl2onnx import to_onnx
    from skl2onnx.common.data_types import FloatTensorType

    model = to_onnx(
        forest, initial_types=[("features", FloatTensorType([None, features]))],
        target_opset=_OPSET,
    )  # fmt: skip
    written: bytes = model.SerializeToString()
    return written
