"""Time decay: a touch counts half as much for every half-life between it and the end."""

import numpy as np

from attribution.credit.models.base import Model, Params, positive, spread
from attribution.credit.paths import Floats, Paths

DAYS = 7.0
TOUCHES = 2.0


def check(params: Params) -> None:
    """``half_life`` is a number above 0, or ``None`` for the default of its unit."""
    if params["half_life"] is not None:
        positive("half_life", params["half_life"])


def weights(paths: Paths, params: Params) -> Floats:
    """2^(-age/half_life), normalised per journey.

    Age is in days where ``paths.ages`` is given (half-life 7 by default), else the number of
    touches that followed (half-life 2). Ages count from the journey's youngest touch, which changes
    no share and keeps very old journeys from vanishing.
    """
    if paths.ages is None:
        half = float(params["half_life"] or TOUCHES)
        return spread(paths, lambda length: _shares(np.arange(length - 1, -1, -1.0), half))
    if not paths.tokens.size:
        return np.zeros(0)
    half = float(params["half_life"] or DAYS)
    begins, lengths = paths.offsets[:-1], paths.lengths
    youngest = np.repeat(np.minimum.reduceat(paths.ages, begins), lengths)
    raw: Floats = np.exp2((youngest - paths.ages) / half)
    shares: Floats = raw / np.repeat(np.add.reduceat(raw, begins), lengths)
    return shares


def _shares(ages: Floats, half: float) -> Floats:
    raw = np.exp2(-ages / half)
    shares: Floats = raw / raw.sum()
    return shares


MODEL = Model(
    name="time-decay",
    title="Time decay",
    formula="w[i] = 2^(-age[i]/half_life) / sum_j 2^(-age[j]/half_life)",
    source="Google Analytics: time decay (half-life 7 days).",
    defaults={"half_life": None},
    check=check,
    by_touch=weights,
)
