"""Each learned model's fit to the journeys of one conversion type: what touches caused. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from attribution.contracts import Model
from attribution.credit import deep, hazard, held_out, rates
from attribution.credit.held_out import Moments
from attribution.credit.models import data_driven, ensemble, survival
from attribution.credit.models import deep as deep_model
from attribution.credit.paths import Floats, Paths

Details = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Found:
    """``weights`` (touches,): the part of its journey's conversion that each touch caused.

    ``confidence`` (touches,) where the model has one; ``artefact`` is its network, if it has one.
    """

    weights: Floats
    details: Details
    confidence: Floats | None = None
    artefact: bytes | None = None


def _survival(paths: Paths, network: bytes | None) -> Found:
    params = survival.MODEL.defaults
    fitted = hazard.fit(paths, iterations=params["iterations"], navigational=params["navigational"])
    weights = hazard.incremental_weights(paths, fitted)
    return Found(
        weights=weights,
        details={
            **_caused(paths, weights),
            "per_touch": dict(zip(paths.channels, fitted.beta.tolist(), strict=True)),
            "days": dict(zip(paths.channels, (1 / fitted.omega).tolist(), strict=True)),
        },
    )


def _data_driven(paths: Paths, network: bytes | None) -> Found:
    left, stays = hazard.without_returns(paths, data_driven.MODEL.defaults["navigational"])
    fitted = rates.fit(left)
    weights = np.zeros(paths.tokens.size)
    weights[stays] = rates.incremental(left, fitted)
    fresh = fitted.coefficients[:, 0].tolist()
    return Found(
        weights=weights,
        details={
            **_caused(paths, weights),
            "penalty": fitted.penalty if math.isfinite(fitted.penalty) else None,
            "fresh": dict(zip(paths.channels, fresh, strict=True)),
        },
    )


def _deep(paths: Paths, network: bytes | None) -> Found:
    """Trained, unless a ``network`` is given; scored as exported, whoever trained it."""
    from attribution.credit.deep.scoring import Scorer

    left, stays = hazard.without_returns(paths, deep_model.MODEL.defaults["navigational"])
    if network is None:
        from attribution.credit.deep import export, training

        seed = deep_model.MODEL.defaults["training_seed"]
        network = export.to_onnx(training.fit(left, seed=seed))
    scorer = Scorer(network)
    weights = np.zeros(paths.tokens.size)
    weights[stays] = scorer.incremental(left)
    earlier, later = held_out.split(left)
    at = held_out.moments(later)
    foretold = {
        "deep": held_out.log_likelihood(scorer.at_moments(later, at), at),
        "data-driven": held_out.log_likelihood(rates.at_moments(rates.fit(earlier), later, at), at),
    }
    return Found(
        weights=weights,
        details={
            **_caused(paths, weights),
            "foretold": {name: each for name, each in foretold.items() if not math.isnan(each)},
            "kept": foretold["deep"] > foretold["data-driven"],
        },
        artefact=network,
    )


def _ensemble(paths: Paths, network: bytes | None) -> Found:
    """With the deep model as a member where its ``network`` is given."""
    found = ensemble.agree(paths, also=() if network is None else (_member(paths, network),))
    sure = zip(paths.channels, found.by_channel.tolist(), strict=True)
    known = {name: each for name, each in sure if not math.isnan(each)}
    foretold = {name: each for name, each in found.foretold.items() if not math.isnan(each)}
    return Found(
        weights=found.weights,
        confidence=found.confidence,
        details={
            **_caused(paths, found.weights),
            "confidence": known,
            "shares": dict(found.shares),
            "foretold": foretold,
        },
    )


def _member(paths: Paths, network: bytes) -> ensemble.Member:
    from attribution.credit.deep.scoring import Scorer

    scorer = Scorer(network)
    left, stays = hazard.without_returns(paths, deep_model.MODEL.defaults["navigational"])
    weights = np.zeros(paths.tokens.size)
    weights[stays] = scorer.incremental(left)

    def foretell(earlier: Paths, later: Paths, at: Moments) -> Floats:
        """The network has been trained on no later journeys."""
        return scorer.at_moments(later, at)

    return ensemble.Member(name=deep_model.MODEL.name, weights=weights, foretell=foretell)


def _caused(paths: Paths, weights: Floats) -> Details:
    """Conversions that touches caused, and those that would have happened anyway."""
    caused = float((weights * np.repeat(paths.conversions, paths.lengths)).sum())
    return {"caused": caused, "baseline": paths.total_conversions - caused}


LEARNERS: Mapping[Model, Callable[[Paths, bytes | None], Found]] = {
    Model.DATA_DRIVEN: _data_driven,
    Model.SURVIVAL: _survival,
    Model.DEEP: _deep,
    Model.ENSEMBLE: _ensemble,
}


def ready(model: Model) -> bool:
    """Whether this machine can fit ``model``."""
    return model is not Model.DEEP or deep.installed()
