"""The entry points: paths and a model in, credit out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attribution.credit.bootstrap import (
    Draws,
    Sampler,
    additive,
    amount_bounds,
    bounds,
    refits,
    sampler,
)
from attribution.credit.counts import TransitionCounts
from attribution.credit.errors import CreditError
from attribution.credit.evidence import evidence
from attribution.credit.models import model_named, scaled
from attribution.credit.models.base import Model, Outcome, Params, positional, spread, weighted
from attribution.credit.models.markov import from_counts
from attribution.credit.parse import parse
from attribution.credit.paths import Floats, Paths
from attribution.credit.results import Credit
from attribution.credit.verdict import verdict

_COMPARED = 1_000
_SAMPLES = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """What a Markov model from counts shares out: conversions and value of all journeys."""

    conversions: float
    value: float
    journeys: float


def attribute(
    paths: object,
    model: str = "markov",
    *,
    replicates: int = 0,
    seed: int = 0,
    keep_draws: bool = False,
    **params: Any,
) -> Credit:
    """Credit of every channel of ``paths`` (a frame, a mapping or ``Paths``) under ``model``.

    ``replicates`` > 0 adds 95 % intervals from that many Poisson bootstrap samples of the journeys
    (``seed`` makes them repeatable), the journeys each channel's figures stand on, and with
    ``keep_draws`` the samples themselves. ``params`` are the model's own, e.g. ``order=2``. Raises
    ``CreditError``.
    """
    found = attribute_all(
        paths, [(model, params)], replicates=replicates, seed=seed, keep_draws=keep_draws
    )
    return found[0]


def draw(sampled: Sampler, model: Model, params: Params) -> Draws:
    """What every sample of ``sampled`` gives under ``model``."""
    draws = _under_one_fit(sampled, model, params)
    if not model.fitted:
        return draws
    return refits.widened(draws, sampled, *_fits(model, params), model.refits)


def widening(paths: Paths, model: str, *, seed: int, **params: Any) -> Floats:
    """By what a ``model``'s own fit widens the deviation of each channel's credit: (channels, 2).

    For whoever keeps variances under the weights of one fit. 1 for models without a fit.
    """
    chosen = model_named(model)
    settled = chosen.settled(params)
    if not chosen.fitted:
        return np.ones((len(paths.channels), 2))
    _, anew = _fits(chosen, settled)

    def fixed(sampled: Sampler) -> Floats:
        weights = touch_weights(model, sampled.paths, **params)
        return additive.credit(sampled, weights)

    sampled = sampler(paths, chosen.refits, seed)
    return refits.ratios(sampled, fixed, anew, chosen.refits)


def _fits(
    model: Model, params: Params
) -> tuple[Callable[[Sampler], Floats], Callable[[Paths], Floats]]:
    """The credit of samples under one fit, and that of journeys under their own."""
    return (
        lambda sampled: _under_one_fit(sampled, model, params).credit,
        lambda paths: _alone(paths, model, params).credit,
    )


def _under_one_fit(sampled: Sampler, model: Model, params: Params) -> Draws:
    if model.caused is not None:
        weights = scaled.usable(sampled.paths, model.caused(sampled.paths, params))
        return Draws(credit=scaled.samples(sampled, weights))
    if model.samples is not None:
        credit, removal = model.samples(sampled, params)
        return Draws(credit=credit, removal=removal)
    weights = touch_weights(model.name, sampled.paths, **params)
    return Draws(credit=additive.credit(sampled, weights))


def with_intervals(credit: Credit, draws: Draws, *, keep_draws: bool = False) -> Credit:
    """``credit`` with the intervals that ``draws`` give, and how channels stand by conversions.

    More than 1,000 channels are not compared with one another (the time is that of all pairs), nor
    by fewer than 50 samples, whose extremes tell too little.
    """
    compared = len(credit.channels) <= _COMPARED and draws.credit.shape[2] >= _SAMPLES
    low, high = amount_bounds(credit.conversions, draws.credit[:, 0])
    value_low, value_high = amount_bounds(credit.value, draws.credit[:, 1])
    least, most = (None, None) if draws.removal is None else bounds(draws.removal[:, 0])
    return replace(
        credit,
        conversions_low=low,
        conversions_high=high,
        value_low=value_low,
        value_high=value_high,
        removal_low=least,
        removal_high=most,
        standing=verdict(credit.conversions, draws.credit[:, 0]).standing if compared else None,
        draws=draws if keep_draws else None,
    )


def attribute_all(
    paths: object,
    models: Sequence[str | tuple[str, Mapping[str, Any]]],
    *,
    replicates: int = 0,
    seed: int = 0,
    keep_draws: bool = False,
) -> tuple[Credit, ...]:
    """Credit under several models: names or (name, parameters); paths are parsed once.

    All models see the same samples, so that their draws can be compared one by one. Otherwise as
    ``attribute``.
    """
    named = [(each, {}) if isinstance(each, str) else each for each in models]
    chosen = [(model_named(name), given) for name, given in named]
    settled = [(model, model.settled(given)) for model, given in chosen]
    coded = parse(paths)
    found = tuple(
        _credit(coded, model, params, outcome)
        for (model, params), outcome in zip(settled, evaluate(coded, settled), strict=True)
    )
    if replicates == 0:
        return found
    sampled = sampler(coded, replicates, seed)
    seen = evidence(sampled.paths)
    return tuple(
        replace(
            with_intervals(credit, draw(sampled, model, params), keep_draws=keep_draws),
            evidence=seen,
        )
        for credit, (model, params) in zip(found, settled, strict=True)
    )


def evaluate(paths: Paths, models: Sequence[tuple[Model, Params]]) -> list[Outcome]:
    """The outcomes of ``models`` in their order; positional ones share one pass."""
    places = [index for index, (model, _) in enumerate(models) if model.by_position is not None]
    shared = dict(
        zip(places, positional(paths, [models[index] for index in places]), strict=True)
        if places
        else ()
    )
    return [
        shared[index] if index in shared else _alone(paths, model, params)
        for index, (model, params) in enumerate(models)
    ]


def _alone(paths: Paths, model: Model, params: Params) -> Outcome:
    if model.compute is not None:
        return model.compute(paths, params)
    if model.caused is not None:
        return scaled.outcome(paths, scaled.usable(paths, model.caused(paths, params)))
    return weighted(paths, touch_weights(model.name, paths, **params))


def touch_weights(model: str, paths: Paths, **params: Any) -> Floats:
    """What each touch earns of a conversion of its journey (aligned with ``paths.tokens``).

    Sums to 1 per journey for the models whose credit is a sum over journeys. A fitted model leaves
    some to no touch, and its parts are scaled to all conversions together. Raises ``CreditError``
    for Markov, whose credit belongs to channels: see ``touch_credit``.
    """
    chosen = model_named(model)
    settled = chosen.settled(params)
    if chosen.by_touch is not None:
        return chosen.by_touch(paths, settled)
    if chosen.caused is not None:
        return scaled.parts(paths, scaled.usable(paths, chosen.caused(paths, settled)))
    if chosen.by_position is None:
        raise CreditError(f"The model {model} has no credit per touch of its own.")
    rule = chosen.by_position
    return spread(paths, lambda length: rule(length, settled))


def markov_from_counts(counts: TransitionCounts, totals: Totals) -> Credit:
    """The Markov model from counts (added up from anywhere): the same credit as from the paths."""
    outcome = from_counts(counts, totals.conversions, totals.value)
    effects = outcome.removal
    return Credit(
        model="markov",
        params={"order": counts.order},
        channels=counts.channels,
        conversions=outcome.credit[:, 0],
        value=outcome.credit[:, 1],
        removal_effect=None if effects is None else effects[:, 0],
        removal_effect_value=None if effects is None else effects[:, 1],
        total_conversions=totals.conversions,
        total_value=totals.value,
        journeys=totals.journeys,
    )


def _credit(paths: Paths, model: Model, params: Params, outcome: Outcome) -> Credit:
    effects = outcome.removal
    return Credit(
        model=model.name,
        params=dict(params),
        channels=paths.channels,
        conversions=outcome.credit[:, 0].copy(),
        value=outcome.credit[:, 1].copy(),
        removal_effect=None if effects is None else effects[:, 0].copy(),
        removal_effect_value=None if effects is None else effects[:, 1].copy(),
        total_conversions=paths.total_conversions,
        total_value=paths.total_value,
        journeys=paths.journeys,
        dropped_rows=paths.dropped_rows,
    )
