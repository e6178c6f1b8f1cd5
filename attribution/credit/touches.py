"""Credit touch by touch, so that whoever adds touches up finds the report.

Rules and Shapley share out each journey; fitted models say what each touch caused, and their parts
are scaled to all conversions. Markov knows channels alone, and what it says of one range of days is
no sum over shorter ones: here every touch of a channel that came before a conversion earns the same
of the channel's credit. Summed by channel, or in all, any model's touches are its report; summed by
day or segment they are how the report's credit is spread over them.
"""

from typing import Any

import numpy as np

from attribution.credit.attribute import attribute, touch_weights
from attribution.credit.errors import CreditError
from attribution.credit.models import model_named
from attribution.credit.paths import Floats, Paths


def touch_credit(paths: Paths, model: str, **params: Any) -> Floats:
    """Conversions and value earned by all journeys of each touch's row: (touches, 2)."""
    chosen = model_named(model)
    columns = np.column_stack([paths.conversions, paths.value])
    amounts: Floats = np.repeat(columns, paths.lengths, axis=0)
    if not chosen.additive and chosen.caused is None:
        found = attribute(paths, model, **params)
        return evenly(paths, np.column_stack([found.conversions, found.value]))
    weighted: Floats = touch_weights(model, paths, **params)[:, None] * amounts
    if chosen.additive:
        return weighted
    sums, totals = weighted.sum(axis=0), columns.sum(axis=0)
    scale: Floats = np.divide(totals, sums, out=np.ones(2), where=sums > 0)
    return weighted * scale


def evenly(paths: Paths, credit: Floats) -> Floats:
    """``credit`` (channels, 2) spread over touches: (touches, 2), as often as conversions followed.

    Over all touches of a channel none of which a conversion followed: a chain may credit a channel
    for where it usually leads.
    """
    size = len(paths.channels)
    often = np.repeat(paths.conversions, paths.lengths)
    followed = np.bincount(paths.tokens, often, size) > 0
    many = np.repeat(paths.conversions + paths.nulls, paths.lengths)
    often = np.where(followed[paths.tokens], often, many)
    sums = np.bincount(paths.tokens, often, size)
    each = np.divide(credit, sums[:, None], out=np.zeros_like(credit), where=sums[:, None] > 0)
    found: Floats = each[paths.tokens] * often[:, None]
    return found


def per_journey_credit(paths: Paths, effects: Floats) -> Floats:
    """The journey-level view of channel ``effects`` (n,), aligned with ``paths.tokens``.

    Each touch gets its channel's effect (e.g. Markov removal effect) divided by the journey's sum:
    a reading aid that sums to 1 per journey. It is NOT the Markov model: summed over journeys it
    doesn't give the model's credit per channel. Equal parts where all effects are 0.
    """
    if effects.shape != (len(paths.channels),) or not (effects >= 0).all():
        raise CreditError("effects must hold one number of at least 0 per channel.")
    if not paths.tokens.size:
        return np.zeros(0)
    raw: Floats = effects[paths.tokens].astype(np.float64)
    sums = np.repeat(np.add.reduceat(raw, paths.offsets[:-1]), paths.lengths)
    equal = 1.0 / np.repeat(paths.lengths, paths.lengths)
    shares: Floats = np.divide(raw, sums, out=equal, where=sums > 0)
    return shares
