"""Deep: a network that attends to all touches of a journey and to the time between them.

Its rate of converting is asked once more for every touch, without it; what is lost is what the
touch caused (``credit.deep``). It takes torch: where that is not installed the model says so.
"""

import numpy as np

from attribution.credit import deep
from attribution.credit.deep.sequences import incremental as removed
from attribution.credit.errors import CreditError
from attribution.credit.hazard import without_returns
from attribution.credit.models import data_driven
from attribution.credit.models.base import Model, Params
from attribution.credit.models.survival import NAVIGATIONAL
from attribution.credit.paths import Floats, Paths


def check(params: Params) -> None:
    """``training_seed`` and ``passes`` are whole numbers, ``navigational`` a list of names."""
    data_driven.check(params)
    for name, least in (("training_seed", 0), ("passes", 1)):
        value = params[name]
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            raise CreditError(f"{name} must be a whole number of at least {least}.")


def incremental(paths: Paths, params: Params) -> Floats:
    """Per touch the part of its journey's conversion that it caused: (touches,); returns get 0."""
    if not deep.installed():
        raise CreditError(
            "The deep model is not installed here: it takes torch (pip install 'touchstone[deep]')."
        )
    from attribution.credit.deep import training

    left, stays = without_returns(paths, params["navigational"])
    fitted = training.fit(left, seed=params["training_seed"], passes=params["passes"])
    found = np.zeros(paths.tokens.size)
    found[stays] = removed(left, fitted.score, fitted.channels)
    return found


MODEL = Model(
    name="deep",
    title="Deep (attention)",
    formula="w[i] = (1 - l[0]/l) d[i] / sum over j of d[j], d[i] = max(1 - l[-i]/l, 0), l the rate "
    "at the conversion by a network with attention, l[-i] without touch i, l[0] without any",
    source="Li et al. (2018), Deep neural net with attention for multi-channel multi-touch "
    "attribution, arXiv:1809.02230; Yang, Dyer, Wang (2020), arXiv:2004.00384.",
    defaults={"navigational": NAVIGATIONAL, "training_seed": 1, "passes": 16},
    check=check,
    caused=incremental,
    fitted=True,
    refits=6,
)
