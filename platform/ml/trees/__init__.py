"""Boosted trees: fitted by XGBoost, tuned by Optuna, served as ONNX, explained exactly.

``fitted`` and ``export`` run in the worker; ``Forest`` scores and explains in the web. Pure.
"""

from ml.trees.forest import Forest, Header

__all__ = ["Forest", "Header"]
