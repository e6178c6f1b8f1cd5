"""Budgets over response curves: what a plan is expected to bring, and the best at equal total.

The best plan equalises marginal returns (Dorfman and Steiner 1954): with ``f = b x / (x + k)`` a
channel's spend at the multiplier ``m`` is ``sqrt(b k / m) - k``, held within bounds, and ``m`` is
found by bisection, since the total falls as it rises.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from attribution.response.curve import Curve, Floats, interval

BOUNDS = (0.5, 1.5)
"""A suggestion stays within these multiples of today's spend: beyond, the data say little."""

_STEPS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A figure per day and its 95 % bounds."""

    point: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A channel of a plan. Figures are per day; ``next_cost`` is what one more conversion costs.

    ``seen`` is false where the spend is beyond any that the days had.
    """

    label: str
    today: float
    spend: float
    before: Expected
    conversions: Expected
    revenue: Expected
    next_cost: Expected | None
    seen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """A plan as a whole, per day; ``change`` and ``revenue_change`` are against today's."""

    lines: tuple[Line, ...]
    today: float
    total: float
    conversions: Expected
    revenue: Expected
    change: Expected
    revenue_change: Expected

    @property
    def decided(self) -> bool:
        """Whether these days can tell that the plan brings more, or less, than today's."""
        return self.change.low > 0 or self.change.high < 0


def outcome(curves: Sequence[Curve], budgets: Mapping[str, float]) -> Outcome:
    """What ``budgets`` (label -> daily spend; else today's) are expected to bring."""
    spends = [max(0.0, budgets.get(each.label, each.today)) for each in curves]
    size = len(curves[0].top) if curves else 2
    zero = np.zeros(size)
    conversions = sum((c.at(s) for c, s in zip(curves, spends, strict=True)), zero)
    before = sum((each.at(each.today) for each in curves), zero)
    revenue = sum((c.at(s) * c.worth for c, s in zip(curves, spends, strict=True)), zero)
    revenue_before = sum((each.at(each.today) * each.worth for each in curves), zero)
    return Outcome(
        lines=tuple(_line(each, spend) for each, spend in zip(curves, spends, strict=True)),
        today=sum(each.today for each in curves),
        total=sum(spends),
        conversions=_expected(conversions),
        revenue=_expected(revenue),
        change=_expected(conversions - before),
        revenue_change=_expected(revenue - revenue_before),
    )


def scaled(budgets: Mapping[str, float], total: float) -> dict[str, float]:
    """``budgets`` in the same proportions that sum to ``total``; equal ones when all are zero."""
    wanted = sum(budgets.values())
    if wanted <= 0:
        return {label: total / len(budgets) for label in budgets}
    return {label: amount / wanted * total for label, amount in budgets.items()}


def best(
    curves: Sequence[Curve],
    total: float,
    *,
    by_value: bool = False,
    bounds: tuple[float, float] = BOUNDS,
) -> dict[str, float]:
    """Daily spend per channel that brings most at ``total``, within ``bounds`` times today's.

    ``by_value``: most revenue, not most conversions. A total that the bounds can't hold gives the
    nearest they can.
    """
    top = np.array([each.top[0] * (each.worth[0] if by_value else 1.0) for each in curves])
    half = np.array([each.half[0] for each in curves])
    today = np.array([each.today for each in curves])
    low, high = today * bounds[0], today * bounds[1]
    spends = _equalised(top, half, low, high, total)
    return {each.label: float(spend) for each, spend in zip(curves, spends, strict=True)}


def _equalised(top: Floats, half: Floats, low: Floats, high: Floats, total: float) -> Floats:
    def spends(multiplier: float) -> Floats:
        free: Floats = np.sqrt(top * half / multiplier) - half
        return np.clip(free, low, high)

    if not len(top) or total >= high.sum():
        return high
    if total <= low.sum():
        return low
    least, most = 1e-18, float((top / half).max()) + 1e-18
    for _ in range(_STEPS):
        middle = float(np.sqrt(least * most))
        least, most = (middle, most) if spends(middle).sum() > total else (least, middle)
    found = spends(most)
    # The last cents go where there is room, so that the total is exact.
    room = np.where(total > found.sum(), high - found, found - low)
    missing = total - found.sum()
    exact: Floats = found + missing * (room / room.sum() if room.sum() > 0 else 0.0)
    return exact


def _line(curve: Curve, spend: float) -> Line:
    slope = curve.slope(spend)
    per_conversion = np.divide(1.0, slope, out=np.full_like(slope, np.inf), where=slope > 0)
    conversions = curve.at(spend)
    return Line(
        label=curve.label,
        today=curve.today,
        spend=spend,
        before=_expected(curve.at(curve.today)),
        conversions=_expected(conversions),
        revenue=_expected(conversions * curve.worth),
        next_cost=_expected(per_conversion) if np.isfinite(per_conversion).all() else None,
        seen=spend <= curve.most * (1 + 1e-9),
    )


def _expected(draws: Floats) -> Expected:
    point, low, high = interval(draws)
    return Expected(point=point, low=low, high=high)
