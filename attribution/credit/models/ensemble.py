"""Ensemble: the mean of models that reason differently, and how far they agree on each touch.

Members: Shapley (who was there), data-driven (what made converting likelier), survival (what was
still at work when it happened). Each gives every touch a share of its journey; the ensemble's share
is their mean. The confidence of a touch is 1 - 2 s, s the standard deviation of the shares: numbers
between 0 and 1 deviate by at most a half (Popoviciu 1935), so it runs from 0, where the members
contradict each other, to 1, where they agree.
"""

from dataclasses import dataclass

import numpy as np

from attribution.credit.models import data_driven, scaled, shapley, survival
from attribution.credit.models.base import Model, Params
from attribution.credit.paths import Floats, Paths

MEMBERS = ("shapley", "data-driven", "survival")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Agreement:
    """Per touch, (touches,): the ensemble's share of the journey, and the confidence in it, 0..1.

    ``by_channel`` (channels,) is the confidence of each channel, its touches weighted by credit;
    NaN where a channel has no credit.
    """

    weights: Floats
    confidence: Floats
    by_channel: Floats


def agree(paths: Paths) -> Agreement:
    """Ask all members and compare."""
    shares = np.stack(
        [
            shapley.weights(paths, shapley.MODEL.defaults),
            scaled.shares(paths, data_driven.weights(paths, data_driven.MODEL.defaults)),
            scaled.shares(paths, survival.incremental(paths, survival.MODEL.defaults)),
        ]
    )
    mean: Floats = shares.mean(axis=0)
    confidence: Floats = 1.0 - 2.0 * shares.std(axis=0)
    credit = mean * np.repeat(paths.conversions, paths.lengths)
    size = len(paths.channels)
    total = np.bincount(paths.tokens, credit, size)
    sure = np.bincount(paths.tokens, credit * confidence, size)
    return Agreement(
        weights=mean,
        confidence=confidence,
        by_channel=np.divide(sure, total, out=np.full(size, np.nan), where=total > 0),
    )


def weights(paths: Paths, params: Params) -> Floats:
    """The mean of the members' shares."""
    return agree(paths).weights


MODEL = Model(
    name="ensemble",
    title="Ensemble",
    formula="w[i] = mean over members of their w[i]; confidence[i] = 1 - 2 sd over members of w[i]",
    source="Popoviciu's inequality bounds the standard deviation (1935, Mathematica 9).",
    by_touch=weights,
    fitted=True,
)
