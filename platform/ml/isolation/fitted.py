"""Fitting the forest, and the bytes that are served."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray
from onnx import TensorProto, checker, helper
from sklearn.ensemble import IsolationForest

from ml.features.layout import Floats
from ml.isolation.served import TREES, Isolation, Packed, filled
from ml.training.examples import Examples

SAMPLE = 256
"""Events a tree is grown from, as the paper has it."""
_OPSET, _ML_OPSET, _IR = 15, 3, 8
_EULER = 0.5772156649015329


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
    return forest, Packed(
        medians=medians.tolist(), onnx=graph(forest, rows.shape[1]),
        usual_depth=float(usual_depth(np.array([forest.max_samples_]))[0]),
        offset=float(forest.offset_),
    )  # fmt: skip


def parity(forest: IsolationForest, packed: Packed, matrix: Floats) -> float:
    """The greatest difference between what was trained and what is served, 0 to 1."""
    trained = -forest.decision_function(filled(matrix, np.array(packed.medians)))
    return float(np.abs(trained - Isolation(packed).margins(matrix)).max(initial=0.0))


def usual_depth(events: NDArray[np.int64]) -> Floats:
    """The mean depth at which a binary search tree of so many events (k,) ends without success.

    Liu, Ting and Zhou 2008, equation 1.
    """
    n = np.maximum(events, 3).astype(np.float64)
    deep = 2.0 * (np.log(n - 1.0) + _EULER) - 2.0 * (n - 1.0) / n
    return np.where(events > 2, deep, np.where(events == 2, 1.0, 0.0))


def graph(forest: IsolationForest, features: int) -> bytes:
    """``features`` (n, features) to ``depths`` (n, 1): how deep rows end, summed over the trees.

    One operator for all trees; a converter makes a graph of thousands, which takes seconds to load.
    """
    columns: dict[str, list[Any]] = {name: [] for name in _NODES + _LEAVES}
    for number, each in enumerate(forest.estimators_):
        _tree(columns, number, each.tree_)
    attributes: Any = {"n_targets": 1, "aggregate_function": "SUM", **columns}
    node = helper.make_node(
        "TreeEnsembleRegressor", ["features"], ["depths"], domain="ai.onnx.ml", **attributes
    )
    made = helper.make_graph(
        [node], "isolation",
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", features])],
        [helper.make_tensor_value_info("depths", TensorProto.FLOAT, ["n", 1])],
    )  # fmt: skip
    sets = [helper.make_opsetid("", _OPSET), helper.make_opsetid("ai.onnx.ml", _ML_OPSET)]
    model = helper.make_model(made, opset_imports=sets)
    model.ir_version = _IR
    checker.check_model(model)
    written: bytes = model.SerializeToString()
    return written


_NODES = ("nodes_treeids", "nodes_nodeids", "nodes_featureids", "nodes_modes", "nodes_values",
          "nodes_truenodeids", "nodes_falsenodeids")  # fmt: skip
_LEAVES = ("target_treeids", "target_nodeids", "target_ids", "target_weights")


def _tree(columns: dict[str, list[Any]], number: int, tree: Any) -> None:
    """Add the nodes of a tree; a leaf weighs its depth and what its events would need on."""
    leaf = tree.children_left < 0
    count = tree.node_count
    columns["nodes_treeids"] += [number] * count
    columns["nodes_nodeids"] += list(range(count))
    columns["nodes_featureids"] += np.where(leaf, 0, tree.feature).tolist()
    columns["nodes_modes"] += np.where(leaf, "LEAF", "BRANCH_LEQ").tolist()
    columns["nodes_values"] += np.where(leaf, 0.0, _below(tree.threshold)).tolist()
    columns["nodes_truenodeids"] += np.where(leaf, 0, tree.children_left).tolist()
    columns["nodes_falsenodeids"] += np.where(leaf, 0, tree.children_right).tolist()
    leaves = np.flatnonzero(leaf)
    depths = _depths(tree)[leaves] + usual_depth(tree.n_node_samples[leaves])
    columns["target_treeids"] += [number] * leaves.size
    columns["target_nodeids"] += leaves.tolist()
    columns["target_ids"] += [0] * leaves.size
    columns["target_weights"] += depths.tolist()


def _depths(tree: Any) -> Floats:
    """The depth of each node; children come after their parents."""
    depths = np.zeros(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child >= 0:
                depths[child] = depths[node] + 1.0
    return depths


def _below(limits: Floats) -> NDArray[np.float32]:
    """The greatest singles not above the limits: a single is below both or neither."""
    single = limits.astype(np.float32)
    return np.where(single > limits, np.nextafter(single, np.float32(-np.inf)), single)
