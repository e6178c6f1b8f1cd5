"""Survival: credit for what a touch caused, by an additive hazard whose effects fade.

A conversion is shared between the touches before it and the baseline, in proportion to what each
added to the rate of converting at that moment; censoring tells what touches did without success.
The baseline's part belongs to no channel: the model's credit is the incremental credit scaled up to
all conversions, so that it can stand beside models that know no baseline.
"""

import numpy as np

from attribution.credit import hazard
from attribution.credit.bootstrap import additive
from attribution.credit.bootstrap.sampler import Sampler
from attribution.credit.errors import CreditError
from attribution.credit.models.base import Model, Outcome, Params, spread, weighted
from attribution.credit.paths import Floats, Paths

NAVIGATIONAL = ("direct", "(direct)", "organic search")


def check(params: Params) -> None:
    """``iterations`` is a whole number of at least 1, ``navigational`` a list of channel names."""
    iterations, names = params["iterations"], params["navigational"]
    if isinstance(iterations, bool) or not isinstance(iterations, int) or iterations < 1:
        raise CreditError("iterations must be a whole number of at least 1.")
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise CreditError("navigational must be a list of channel names.")


def incremental(paths: Paths, params: Params) -> Floats:
    """Per touch the part of its journey's conversion that it caused: (touches,), at most 1 a row.

    Equal parts where the fit finds no effect at all (hardly any data), so that there is something
    to scale.
    """
    fitted = hazard.fit(paths, iterations=params["iterations"], navigational=params["navigational"])
    weights = hazard.incremental_weights(paths, fitted)
    converting = np.repeat(paths.conversions > 0, paths.lengths)
    if weights[converting].sum() > 0:
        return weights
    return spread(paths, lambda length: np.full(length, 1 / length))


def shares(paths: Paths, params: Params) -> Floats:
    """The incremental parts scaled to 1 in each journey, equal where all are 0: (touches,)."""
    if not paths.tokens.size:
        return np.zeros(0)
    weights = incremental(paths, params)
    sums = np.repeat(np.add.reduceat(weights, paths.offsets[:-1]), paths.lengths)
    equal = 1.0 / np.repeat(paths.lengths, paths.lengths)
    scaled: Floats = np.divide(weights, sums, out=equal, where=sums > 0)
    return scaled


def credit(paths: Paths, params: Params) -> Outcome:
    """Incremental credit scaled to all conversions, and to all value."""
    found = weighted(paths, incremental(paths, params)).credit
    return Outcome(credit=found * _scale(found, paths.total_conversions, paths.total_value))


def samples(sampler: Sampler, params: Params) -> tuple[Floats, Floats | None]:
    """Credit of bootstrap samples under the hazard fitted once: (channels, 2, replicates)."""
    paths = sampler.paths
    found = additive.credit(sampler, incremental(paths, params))
    all_of_it = additive.credit(sampler, spread(paths, lambda length: np.full(length, 1 / length)))
    sums, totals = found.sum(axis=0), all_of_it.sum(axis=0)
    scale: Floats = np.divide(totals, sums, out=np.zeros_like(sums), where=sums > 0)
    return found * scale, None


def _scale(found: Floats, conversions: float, value: float) -> Floats:
    sums = found.sum(axis=0)
    totals = np.array([conversions, value])
    scale: Floats = np.divide(totals, sums, out=np.zeros(2), where=sums > 0)
    return scale


MODEL = Model(
    name="survival",
    title="Survival (additive hazard)",
    formula="w[i] = beta omega exp(-omega age[i]) / (mu + sum over j of the same), fitted by EM",
    source="Zhang, Wei, Ren (2014), Multi-touch attribution in online advertising with survival "
    "theory, ICDM; Shender et al. (2023), arXiv:2009.08432.",
    defaults={"iterations": 40, "navigational": NAVIGATIONAL},
    check=check,
    compute=credit,
    samples=samples,
)
