"""Credit of single touches, so that whoever adds them up finds the reports.

Rules and Shapley: the same units of a conversion that the stores add up. Learned models: what the
worker wrote at the last fit, looked up. Markov: a chain credits channels for a range of days as a
whole, so each touch that came before a conversion earns the same of its channel's credit of all
days that are known (of a channel that no conversion followed, each touch does).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from attribution.contracts import Model
from attribution.learned import store as learned
from attribution.projection import report, sums
from attribution.store.weights import Rows, apportion, weigh
from attribution.store.words import ADDITIVE, UNIT

_EVERY_DAY = (date(1, 1, 1), date(9999, 12, 31))


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
    chain = _Chain.known() if journeys else None
    found = {}
    for each in journeys:
        touches = [Touch() for _ in each.channels]
        if each.converted and touches:
            _rules(each, direct, touches)
            _learned(fitted.get(each.id, {}), touches)
        for touch, channel in zip(touches, each.channels, strict=True):
            if chain is not None and (earned := chain.earns(channel, each.converted)) is not None:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Chain:
    """Per channel its credit, the touches that conversions followed, and all touches."""

    credit: Mapping[int, float]
    followed: Mapping[int, int]
    touches: Mapping[int, int]

    @classmethod
    def known(cls) -> "_Chain":
        """Of all days that are known."""
        scope = sums.Scope(
            start=_EVERY_DAY[0], end=_EVERY_DAY[1], dimension=0, segment=None, conversion_type=None
        )
        conversions, _, value, alone, alone_value = report.column_sums(sums.totals(scope))
        earned, _ = report.credit(Model.MARKOV, scope, 1, conversions - alone, value - alone_value)
        followed: dict[int, int] = {}
        touches: dict[int, int] = {}
        rows: list[Any] = sums.transitions(scope)
        for _, after, won, lost, _ in rows:
            followed[after] = followed.get(after, 0) + won
            touches[after] = touches.get(after, 0) + won + lost
        credit = {channel: amounts[0] for channel, amounts in earned.items()}
        return cls(credit=credit, followed=followed, touches=touches)

    def earns(self, channel: int, converted: bool) -> float | None:
        """One touch's part; ``None`` for a touch that no conversion followed, as a rule."""
        followed = self.followed.get(channel, 0)
        if followed:
            return self.credit.get(channel, 0.0) / followed if converted else None
        earned = self.credit.get(channel, 0.0)
        return earned / self.touches[channel] if earned else None
