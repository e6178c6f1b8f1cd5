"""Markov: credit in proportion to what would be lost without the channel, solved exactly."""

import numpy as np

from attribution.credit.bootstrap import chains
from attribution.credit.bootstrap.sampler import Sampler
from attribution.credit.chain import Effects, removal_effects
from attribution.credit.counts import TransitionCounts, check_order, transition_counts
from attribution.credit.models.base import Model, Outcome, Params
from attribution.credit.paths import Floats, Paths


def check(params: Params) -> None:
    """``order`` is a whole number from 1 to 4."""
    check_order(params["order"], 1)


def credit(paths: Paths, params: Params) -> Outcome:
    """Credit at ``params["order"]``."""
    counts = transition_counts(paths, params["order"])
    return from_counts(counts, paths.total_conversions, paths.total_value)


def from_counts(counts: TransitionCounts, conversions: float, value: float) -> Outcome:
    """The totals ``conversions`` and ``value`` shared out by the removal effects of ``counts``."""
    effects: Effects = removal_effects(counts)
    sums = effects.removal.sum(axis=0)
    shares: Floats = np.divide(
        effects.removal, sums, out=np.zeros_like(effects.removal), where=sums > 0
    )
    return Outcome(credit=shares * np.array([conversions, value]), removal=effects.removal)


def samples(sampler: Sampler, params: Params) -> tuple[Floats, Floats]:
    """Credit and removal effects of bootstrap samples, each (channels, 2, replicates)."""
    return chains.credit(sampler, params["order"])


MODEL = Model(
    name="markov",
    title="Markov chain",
    formula="RE(c) = 1 - P(conversion without c)/P(conversion); credit = RE(c)/sum(RE) * total",
    source="Anderl, Becker, von Wangenheim, Schumann (2016), Mapping the customer journey, "
    "IJRM 33(3).",
    defaults={"order": 1},
    check=check,
    compute=credit,
    samples=samples,
)
