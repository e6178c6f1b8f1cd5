"""Data-driven: credit by how much likelier a touch made the conversion it came before.

A regularised conversion model is fitted to all journeys, converting or not. In each converting
journey every touch is then taken away in turn; what the probability loses is what the touch
contributed, and these losses are shared out as the journey's credit. Touches without which the
conversion would have been as likely get none; where that is all of them, they share equally.
Direct visits say that somebody came back, not why: they count in the model, and get credit only
where there is nothing else.
"""

import numpy as np

from attribution.credit import logistic
from attribution.credit.models.base import Model, Params
from attribution.credit.models.last_non_direct import check
from attribution.credit.paths import Floats, Paths


def weights(paths: Paths, params: Params) -> Floats:
    """Per touch its share of the journey's losses."""
    if not paths.tokens.size:
        return np.zeros(0)
    lost = np.maximum(logistic.drops(paths, logistic.fit(paths)), 0.0)
    names = {name.casefold() for name in params["direct"]}
    direct = np.array([name.casefold() in names for name in paths.channels], dtype=np.bool_)
    passed = direct[paths.tokens]
    begins = paths.offsets[:-1]
    only_direct = np.repeat(np.logical_and.reduceat(passed, begins), paths.lengths)
    lost[passed & ~only_direct] = 0.0
    # Equal parts where nothing was lost, among the touches that may have any.
    sums = np.repeat(np.add.reduceat(lost, begins), paths.lengths)
    lost = np.where(sums > 0, lost, (~passed | only_direct).astype(np.float64))
    shares: Floats = lost / np.repeat(np.add.reduceat(lost, begins), paths.lengths)
    return shares


MODEL = Model(
    name="data-driven",
    title="Data-driven",
    formula="w[i] = max(p(journey) - p(journey without touch i), 0), normalised; p logistic",
    source="Shao, Li (2011), Data-driven multi-touch attribution models, KDD; "
    "Google Analytics: direct visits get no credit beside others.",
    defaults={"direct": ("direct", "(direct)")},
    check=check,
    by_touch=weights,
)
"""The fitted conversion model is part of the rule: other journeys, other weights."""
