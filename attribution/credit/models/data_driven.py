"""Data-driven: credit by what the rate of converting would have lost without a touch.

A regularised model of how often people convert, given what touched them and how long ago, is fitted
to all journeys, converting or not (``credit.rates``). In each converting journey every touch is
then taken away in turn; what the rate at the conversion loses is what the touch contributed. What
touches do not explain belongs to no channel: as for survival, credit is scaled to all conversions.
Visits by which people about to buy come back are no contribution (``hazard.returns``): where times
are known they are left out before the fit.
"""

import numpy as np

from attribution.credit import rates
from attribution.credit.errors import CreditError
from attribution.credit.hazard import without_returns
from attribution.credit.models.base import Model, Params
from attribution.credit.models.survival import NAVIGATIONAL
from attribution.credit.paths import Floats, Paths


def check(params: Params) -> None:
    """``navigational`` is a list of channel names."""
    names = params["navigational"]
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise CreditError("navigational must be a list of channel names.")


def incremental(paths: Paths, params: Params) -> Floats:
    """Per touch the part of its journey's conversion that it caused: (touches,); returns get 0."""
    left, stays = without_returns(paths, params["navigational"])
    found = np.zeros(paths.tokens.size)
    found[stays] = rates.incremental(left, rates.fit(left))
    return found


MODEL = Model(
    name="data-driven",
    title="Data-driven",
    formula="w[i] = (1 - l[0]/l) d[i] / sum over j of d[j], d[i] = 1 - l[-i]/l, l the rate at the "
    "conversion, l[-i] without touch i, l[0] without any",
    source="Shao, Li (2011), Data-driven multi-touch attribution models, KDD.",
    defaults={"navigational": NAVIGATIONAL},
    check=check,
    caused=incremental,
    fitted=True,
)
