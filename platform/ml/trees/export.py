"""From fitted trees to the bytes that are served: an ONNX graph, paths to leaves, a header."""

import json
from typing import Any

import numpy as np
import xgboost as xgb
from onnxmltools import convert_xgboost
from onnxmltools.convert.common.data_types import FloatTensorType
from scipy.special import logit

from ml.features.layout import Floats
from ml.training.examples import Examples
from ml.trees.fitted import Fitted, margins
from ml.trees.forest import Forest, Header, packed
from ml.trees.paths import Paths, paths

_OPSET = 15
USUAL = (0.05, 0.95)
"""Quantiles of honest events between which a value is usual."""


def artefact(fitted: Fitted, learned_from: Examples, *, features_version: str) -> bytes:
    """Everything a ``Forest`` is made from."""
    names = tuple(learned_from.names)
    model = convert_xgboost(
        fitted.booster, name="forest",
        initial_types=[("features", FloatTensorType([None, len(names)]))],
        target_opset=_OPSET,
    )  # fmt: skip
    _as_margins(model)
    honest = learned_from.matrix[learned_from.truth <= 0]
    header = Header(
        features=names, features_version=features_version, slope=fitted.calibration.slope,
        shift=fitted.calibration.shift, usual=_usual(honest), trees=fitted.trees,
    )  # fmt: skip
    return packed(header, model.SerializeToString(), _paths(fitted.booster))


def _paths(booster: xgb.Booster) -> Paths:
    learner = json.loads(bytes(booster.save_raw("json")))["learner"]
    base = float(learner["learner_model_param"]["base_score"].strip("[]"))
    return paths(learner["gradient_booster"]["model"]["trees"], float(logit(base)))


def _as_margins(model: Any) -> None:
    """Have the graph give log-odds: in single precision, probabilities near 1 have none left."""
    for attribute in model.graph.node[0].attribute:
        if attribute.name == "post_transform":
            attribute.s = b"NONE"


def parity(fitted: Fitted, forest: Forest, matrix: Floats) -> float:
    """The greatest difference in probability between what was trained and what is served."""
    trained = fitted.calibration(margins(fitted.booster, matrix))
    return float(np.abs(trained - forest.probabilities(matrix)).max(initial=0.0))


def _usual(honest: Floats) -> tuple[tuple[float, float] | None, ...]:
    """By feature, where most honest values lie; ``None`` where hardly one is known."""
    found: list[tuple[float, float] | None] = []
    for column in honest.T:
        known = column[~np.isnan(column)]
        low, high = np.quantile(known, USUAL).tolist() if known.size >= 20 else (0.0, 0.0)
        found.append((low, high) if known.size >= 20 else None)
    return tuple(found)
