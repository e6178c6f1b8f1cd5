"""Data-driven: credit by how much likelier a touch made the conversion it came before.

A regularised conversion model is fitted to all journeys, converting or not. In each converting
journey every touch is then taken away in turn; what the probability loses is what the touch
contributed, and these losses are shared out as the journey's credit. Where no touch made the
conversion likelier, all share equally.
Visits by which people about to buy come back are no contribution (``hazard.returns``): where times
are known they are left out before the fit, and conversions that nothing else came before are shared
out as all the others are.
"""

import numpy as np

from attribution.credit import logistic
from attribution.credit.bootstrap.sampler import Sampler
from attribution.credit.errors import CreditError
from attribution.credit.hazard import without_returns
from attribution.credit.models import scaled
from attribution.credit.models.base import Model, Outcome, Params
from attribution.credit.models.survival import NAVIGATIONAL
from attribution.credit.paths import Floats, Paths

_NOTHING = 1e-6
"""A smaller loss of probability is rounding of the fit, and no reason for credit."""


def check(params: Params) -> None:
    """``navigational`` is a list of channel names."""
    names = params["navigational"]
    if not isinstance(names, tuple | list) or not all(isinstance(name, str) for name in names):
        raise CreditError("navigational must be a list of channel names.")


def weights(paths: Paths, params: Params) -> Floats:
    """Per touch its share of what its journey's touches contributed: (touches,); returns get 0.

    Equal parts where everything was a return, so that there is something to scale.
    """
    left, stays = without_returns(paths, params["navigational"])
    lost = logistic.drops(left, logistic.fit(left))
    lost[lost < _NOTHING] = 0.0
    found = np.zeros(paths.tokens.size)
    found[stays] = scaled.shares(left, lost)
    converting = np.repeat(paths.conversions > 0, paths.lengths)
    return found if found[converting].any() else scaled.equal(paths)


def credit(paths: Paths, params: Params) -> Outcome:
    """The weights' credit scaled to all conversions, and to all value."""
    return scaled.outcome(paths, weights(paths, params))


def samples(sampler: Sampler, params: Params) -> tuple[Floats, None]:
    """Credit of bootstrap samples under the weights of one fit: (channels, 2, replicates)."""
    return scaled.samples(sampler, weights(sampler.paths, params))


MODEL = Model(
    name="data-driven",
    title="Data-driven",
    formula="w[i] = max(p(journey) - p(journey without touch i), 0), normalised; p logistic",
    source="Shao, Li (2011), Data-driven multi-touch attribution models, KDD.",
    defaults={"navigational": NAVIGATIONAL},
    check=check,
    compute=credit,
    samples=samples,
    fitted=True,
)
