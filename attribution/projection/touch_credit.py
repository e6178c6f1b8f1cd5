"""Credit of single touches, so that whoever adds them up finds the reports.

Rules and Shapley: the same units of a conversion that the stores add up. Learned models: what the
worker wrote at the last fit, looked up. Markov: a chain credits channels for a range of days as a
whole, so each touch that came before a conversion earns the same of its channel's credit of all
days that are known (of a channel that no conversion followed, each touch does); that is kept up to
date journey by journey and looked up.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from attribution.contracts import Model
from attribution.learned import touches as learned
from attribution.projection import live
from attribution.store.weights import Rows, apportion, weigh
from attribution.store.words import ADDITIVE, UNIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Walked:
    """A journey: its id, whether it converted, its end and touches (microseconds, channels)."""

    id: int
    converted: bool
    ended: int
    times: Sequence[int]
    channels: Sequence[int]


@dataclass(slots=True)
class Touch:
    """A touch's credit under each model that knows one, and the confidence in the ensemble's."""

    credit: dict[Model, float] = field(default_factory=dict)
    confidence: float | None = None


def of(journeys: Sequence[Walked], direct: int) -> dict[int, list[Touch]]:
    """Journey -> its touches, in order. ``direct`` is the channel that last-non-direct passes."""
    fitted = learned.touched([each.id for each in journeys if each.converted])
    known = live.known() if journeys else None
    found = {}
    for each in journeys:
        touches = [Touch() for _ in each.channels]
        if each.converted and touches:
            _rules(each, direct, touches)
            _learned(fitted.get(each.id, {}), touches)
        for touch, channel in zip(touches, each.channels, strict=True):
            earned = _markov(known, channel, each.converted) if known else None
            if earned is not None:
                touch.credit[Model.MARKOV] = earned
        found[each.id] = touches
    return found


def _rules(journey: Walked, direct: int, touches: Sequence[Touch]) -> None:
    size = len(touches)
    channels = np.array(journey.channels, dtype=np.int64)
    rows = Rows(
        journey=np.zeros(size, dtype=np.int64),
        rank=np.arange(size),
        length=np.full(size, size, dtype=np.int64),
        age=journey.ended - np.array(journey.times, dtype=np.int64),
        direct=channels == direct,
        key=channels,
    )
    whole = np.full(size, UNIT, dtype=np.int64)
    for model in ADDITIVE:
        units = apportion(whole, weigh(model, rows), rows)
        for touch, part in zip(touches, units.tolist(), strict=True):
            touch.credit[model] = part / UNIT


def _learned(fitted: Mapping[Model, learned.Touched], touches: Sequence[Touch]) -> None:
    """Nothing where the journey has other touches by now: the next fit will credit them."""
    for model, earned in fitted.items():
        if len(earned.credit) != len(touches):
            continue
        for touch, part in zip(touches, earned.credit, strict=True):
            touch.credit[model] = part
        if earned.confidence is not None:
            for touch, sure in zip(touches, earned.confidence, strict=True):
                touch.confidence = sure


def _markov(known: live.Live, channel: int, converted: bool) -> float | None:
    """One touch's part; ``None`` for a touch that no conversion followed, as a rule."""
    followed = known.followed.get(channel, 0)
    if followed:
        return known.credit.get(channel, 0.0) / followed if converted else None
    earned = known.credit.get(channel, 0.0)
    return earned / known.touches[channel] if earned else None
