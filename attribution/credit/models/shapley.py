"""Shapley value of the set of channels, in closed form: no coalition is enumerated.

With v(S) = conversions (value) of the journeys all of whose channels lie in S, the Shapley value of
c is the sum over the journeys containing c of conversions / |distinct channels of the journey|.
"""

import numpy as np

from attribution.credit import passes
from attribution.credit.models.base import Model, Outcome, Params
from attribution.credit.paths import Floats, Paths


def credit(paths: Paths, params: Params) -> Outcome:
    """The closed form in one pass; linear in touches for any number of channels."""
    out = np.zeros((len(paths.channels), 2))
    passes.distinct(paths.tokens, paths.offsets, paths.conversions, paths.value, out)
    return Outcome(credit=out)


def weights(paths: Paths, params: Params) -> Floats:
    """A channel's part of its journey, split equally over its touches there."""
    found = np.empty(paths.tokens.size)
    passes.distinct_weights(paths.tokens, paths.offsets, len(paths.channels), found)
    return found


MODEL = Model(
    name="shapley",
    title="Shapley",
    formula="phi(c) = sum over journeys containing c of conversions / |distinct channels|",
    source="Zhao, Mahboobi, Bagheri (2018), Shapley value methods for attribution modeling, "
    "arXiv:1804.05327.",
    by_touch=weights,
    compute=credit,
    symmetric=True,
)
