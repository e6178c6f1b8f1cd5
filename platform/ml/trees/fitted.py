"""Fitting boosted trees: early stopping on the tuning part, parameters searched by Optuna."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import xgboost as xgb

from ml.features.layout import Floats
from ml.training.calibration import Calibration
from ml.training.calibration import fit as calibrated
from ml.training.examples import Examples
from ml.training.precision import average_precision

MOST_TREES = 160
"""More find hardly more, and every one of them is explained with each decision."""
PATIENCE = 30
"""Trees that make the tuning part no more likely, after which fitting ends."""
DEFAULTS: Mapping[str, float] = {
    "max_depth": 5, "eta": 0.12, "min_child_weight": 2.0, "subsample": 0.8,
    "colsample_bytree": 0.4, "lambda": 4.0, "gamma": 0.0,
}  # fmt: skip
_FIXED = {
    "objective": "binary:logistic", "tree_method": "hist", "eval_metric": "logloss", "verbosity": 0,
}  # fmt: skip
Parameters = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """Trees, how their margins become probabilities, and what they were grown with.

    ``precision`` is the average precision on the tuning part; ``tuned`` the calibrated margins of
    its events by trees that had not seen them.
    """

    booster: xgb.Booster
    calibration: Calibration
    parameters: Parameters
    trees: int
    precision: float
    tuned: Floats


def fit(
    learn: Examples,
    tune: Examples,
    *,
    seed: int,
    parameters: Parameters = DEFAULTS,
    threads: int = 2,
) -> Fitted:
    """Trees grown on ``learn`` until ``tune`` gets no more likely, calibrated on ``tune``.

    How many and how sure is then known, and the trees are grown anew on both: false events are too
    few to leave the latest out.
    """
    settings = {**_FIXED, **_whole(parameters), "seed": seed, "nthread": threads}
    tried, precision, found = _tried(learn, tune, settings)
    trees = tried.best_iteration + 1
    kept = xgb.train(settings, _data(learn.joined(tune), threads), trees, verbose_eval=False)
    calibration = calibrated(found, tune.truth)
    return Fitted(
        booster=kept, calibration=calibration, parameters=dict(parameters), trees=trees,
        precision=precision, tuned=calibration.margins(found),
    )  # fmt: skip


def _tried(
    learn: Examples, tune: Examples, settings: Mapping[str, Any]
) -> tuple[xgb.Booster, float, Floats]:
    """Trees grown on ``learn``, their average precision on ``tune``, and their margins there."""
    beside = _data(tune, settings["nthread"])
    booster = xgb.train(
        dict(settings), _data(learn, settings["nthread"]), MOST_TREES, evals=[(beside, "tune")],
        early_stopping_rounds=PATIENCE, verbose_eval=False,
    )  # fmt: skip
    kept = booster[: booster.best_iteration + 1]
    found = kept.predict(beside, output_margin=True).astype(np.float64)
    return booster, average_precision(tune.truth, found), found


def search(
    learn: Examples, tune: Examples, *, seed: int, trials: int, threads: int = 2,
    told: Callable[[int, float], None] = lambda *_: None,
) -> Parameters:  # fmt: skip
    """The parameters with the best average precision on ``tune`` (TPE; Bergstra et al. 2011).

    The first trial is ``DEFAULTS``. ``told`` hears how many trials are done, and the best so far.
    """
    import optuna

    optuna.logging.set_verbosity(optuna.logging.WARNING)
    study = optuna.create_study(
        direction="maximize", sampler=optuna.samplers.TPESampler(seed=seed, n_startup_trials=6)
    )
    study.enqueue_trial(dict(DEFAULTS))

    def tried(trial: optuna.Trial) -> float:
        parameters = {
            "max_depth": trial.suggest_int("max_depth", 2, 8),
            "eta": trial.suggest_float("eta", 0.02, 0.3, log=True),
            "min_child_weight": trial.suggest_float("min_child_weight", 0.5, 30.0, log=True),
            "subsample": trial.suggest_float("subsample", 0.5, 1.0),
            "colsample_bytree": trial.suggest_float("colsample_bytree", 0.2, 1.0),
            "lambda": trial.suggest_float("lambda", 0.1, 30.0, log=True),
            "gamma": trial.suggest_float("gamma", 0.0, 5.0),
        }
        settings = {**_FIXED, **_whole(parameters), "seed": seed, "nthread": threads}
        return _tried(learn, tune, settings)[1]

    study.optimize(
        tried, n_trials=trials, callbacks=[lambda each, _: told(len(each.trials), each.best_value)]
    )
    best: Parameters = study.best_params
    return best


def margins(booster: xgb.Booster, matrix: Floats) -> Floats:
    """The log-odds of rows before calibration, as XGBoost itself gives them."""
    data = xgb.DMatrix(matrix.astype(np.float32))
    found: Floats = booster.predict(data, output_margin=True).astype(np.float64)
    return found


def _data(examples: Examples, threads: int) -> xgb.DMatrix:
    return xgb.DMatrix(examples.matrix.astype(np.float32), examples.truth, nthread=threads)


def _whole(parameters: Parameters) -> dict[str, Any]:
    return {
        name: int(value) if name == "max_depth" else value for name, value in parameters.items()
    }
