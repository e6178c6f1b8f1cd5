"""Survival: credit for what a touch caused, by an additive hazard whose effects fade.

A conversion is shared between the touches before it and the baseline, in proportion to what each
added to the rate of converting at that moment; censoring tells what touches did without success.
The baseline's part belongs to no channel: the model's credit is the incremental credit scaled up to
all conversions, so that it can stand beside models that know no baseline.
"""

from attribution.credit import hazard
from attribution.credit.errors import CreditError
from attribution.credit.models.base import Model, Params
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
    """Per touch the part of its journey's conversion that it caused: (touches,), 0..1."""
    fitted = hazard.fit(paths, iterations=params["iterations"], navigational=params["navigational"])
    return hazard.incremental_weights(paths, fitted)


MODEL = Model(
    name="survival",
    title="Survival (additive hazard)",
    formula="w[i] = beta omega exp(-omega age[i]) / (mu + sum over j of the same), fitted by EM",
    source="Zhang, Wei, Ren (2014), Multi-touch attribution in online advertising with survival "
    "theory, ICDM; Shender et al. (2023), arXiv:2009.08432.",
    defaults={"iterations": 40, "navigational": NAVIGATIONAL},
    check=check,
    caused=incremental,
    fitted=True,
)
