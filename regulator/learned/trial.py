"""Anomalies put into clean figures on trial: a detector is tried on them before it may speak. Pure.

Anomalies of a day's course, which no single hour shows (kinds chosen before any detector was
measured):

- reordered: the levels of blocks of three hours have changed places;
- shifted: the day runs some hours early or late;
- frozen: three hours' values are repeated for half a day;
- flattened: day and night have come nearer to their mean, the total is the same;
- night for evening: a part of the evening's peak stands in the night.

No hour is moved out of the range in which that operator's same hour of the day lay in the past
(``RANGE`` of its levels). What then moves less than ``LEAST_MOVED`` of the day's stakes is no
anomaly and drawn again.

And faults of some hours, which may leave every range: payouts too high, events lost.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from regulator.features.series import DAY, FIGURES, Floats, Ints, Series
from regulator.learned.levels import STEPS, levels

RANGE = (0.02, 0.98)
LEAST_MOVED = 0.10
APART = 5 * DAY
"""Hours from the end of one to where the next of an operator may begin: up to twice as many."""
_TRIES = 60
Rng = np.random.Generator


class Shape(StrEnum):
    """What was done to a day."""

    REORDERED = "reordered"
    SHIFTED = "shifted"
    FROZEN = "frozen"
    FLATTENED = "flattened"
    NIGHT_FOR_EVENING = "night_for_evening"
    PAYOUTS_TOO_HIGH = "payouts_too_high"
    EVENTS_LOST = "events_lost"


COURSES = (
    Shape.REORDERED, Shape.SHIFTED, Shape.FROZEN, Shape.FLATTENED, Shape.NIGHT_FOR_EVENING,
)  # fmt: skip
FAULTS = (Shape.PAYOUTS_TOO_HIGH, Shape.EVENTS_LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Injected:
    """One of them: in the 24 hours from ``started``; what it moved, as a share of their stakes."""

    shape: Shape
    operator: int
    started: int
    moved: float

    @property
    def ended(self) -> int:
        """Its last hour."""
        return self.started + STEPS - 1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Past:
    """Clean figures, what was due, their levels, and the range of each hour of the day."""

    series: Series
    wanted: Floats
    told: Floats
    low: Floats
    high: Floats


def inject(
    series: Series, wanted: Floats, *, first: int, seed: int, shapes: Sequence[Shape] = COURSES
) -> tuple[Series, tuple[Injected, ...]]:
    """``series`` with anomalies from the hour ``first`` on; what is before gives the ranges.

    ``wanted`` is what was due (``levels.due``).
    """
    rng = np.random.default_rng(seed)
    told = levels(series, wanted)
    low, high = _ranges(told[:first], series.clock()[:first] % DAY)
    past = _Past(series=series, wanted=wanted, told=told, low=low, high=high)
    values = series.values.copy()
    found: list[Injected] = []
    for operator in range(len(series.operators)):
        begin = first + int(rng.integers(0, APART))
        while begin + 2 * STEPS <= len(series):
            shape = shapes[(len(found) + operator) % len(shapes)]
            drawn = _drawn(past, shape, operator, begin, rng)
            if drawn is not None:
                one, ratio = drawn
                part = slice(one.started, one.ended + 1)
                values[part, operator] = np.round(values[part, operator] * ratio)
                found.append(one)
                begin = one.ended + 1
            begin += APART + int(rng.integers(0, APART))
    return replace(series, values=values), tuple(found)


def _ranges(told: Floats, clock: Ints) -> tuple[Floats, Floats]:
    """The usual range of each hour of the day, [24, operators, figures] twice."""
    both = [np.nanquantile(told[clock == hour], RANGE, axis=0) for hour in range(DAY)]
    return np.stack([each[0] for each in both]), np.stack([each[1] for each in both])


def _drawn(
    past: _Past, shape: Shape, operator: int, begin: int, rng: Rng
) -> tuple[Injected, Floats] | None:
    """The first of some draws that moves enough, and what its hours [24, figures] are times."""
    for _ in range(_TRIES):
        started = begin + int(rng.integers(0, DAY))
        part = slice(started, started + STEPS)
        values, usual = past.series.values[part, operator], past.wanted[part, operator]
        if not (np.isfinite(usual) & (values > 0.0) & (usual > 0.0)).all():
            continue
        clock = past.series.clock()[part] % DAY
        if shape in FAULTS:
            ratio = _FAULTS[shape](rng)
        else:
            wanted = _COURSES[shape](values[:, 0], usual[:, 0], clock, rng)
            moves = np.log(np.maximum(wanted, 1.0) / values[:, 0])
            ratio = np.exp(_kept(past, part, operator, moves, clock))
        moved = float(np.abs(values[:, 0] * (ratio[:, 0] - 1.0)).sum() / values[:, 0].sum())
        if shape in FAULTS or moved >= LEAST_MOVED:
            return Injected(shape=shape, operator=operator, started=started, moved=moved), ratio
    return None


def _kept(past: _Past, part: slice, operator: int, moves: Floats, clock: Ints) -> Floats:
    """The moves [24, figures] of each hour as far as its range, or where it stood, allows.

    One move for all figures of an hour: the one that the narrowest allows.
    """
    told = past.told[part, operator]
    up = np.maximum(past.high[clock, operator] - told, 0.0).min(axis=1)
    down = np.maximum(told - past.low[clock, operator], 0.0).min(axis=1)
    return np.repeat(np.clip(moves, -down, up)[:, None], len(FIGURES), axis=1)


def _reordered(values: Floats, usual: Floats, _: Ints, rng: Rng) -> Floats:
    blocks = rng.permutation((values / usual).reshape(-1, 3))
    found: Floats = usual * blocks.ravel()
    return found


def _shifted(values: Floats, _: Floats, __: Ints, rng: Rng) -> Floats:
    return np.roll(values, int(rng.integers(2, 6)) * int(rng.choice([-1, 1])))


def _frozen(values: Floats, _: Floats, __: Ints, rng: Rng) -> Floats:
    length = 3 * int(rng.integers(3, 6))
    begin = int(rng.integers(0, STEPS - length + 1))
    part, found = slice(begin, begin + length), values.copy()
    again = np.tile(values[begin : begin + 3], length // 3)
    found[part] = again * values[part].sum() / again.sum()
    return found


def _flattened(values: Floats, _: Floats, __: Ints, rng: Rng) -> Floats:
    share = rng.uniform(0.4, 0.9)
    found: Floats = (1.0 - share) * values + share * values.mean()
    return found


def _night_for_evening(values: Floats, _: Floats, clock: Ints, rng: Rng) -> Floats:
    evening, night = (clock >= 18) & (clock < 24), clock < 6
    found, share = values.copy(), rng.uniform(0.25, 0.5)
    found[night] *= 1.0 + share * values[evening].sum() / values[night].sum()
    found[evening] *= 1.0 - share
    return found


def _payouts_too_high(rng: Rng) -> Floats:
    found = np.ones((STEPS, len(FIGURES)))
    hours = slice(12, 12 + int(rng.integers(2, 7)))
    found[hours, FIGURES.index("payouts")] = rng.uniform(1.6, 3.0)
    return found


def _events_lost(rng: Rng) -> Floats:
    found = np.ones((STEPS, len(FIGURES)))
    found[12 : 12 + int(rng.integers(2, 7))] = rng.uniform(0.2, 0.7)
    return found


_COURSES: dict[Shape, Callable[[Floats, Floats, Ints, Rng], Floats]] = {
    Shape.REORDERED: _reordered, Shape.SHIFTED: _shifted, Shape.FROZEN: _frozen,
    Shape.FLATTENED: _flattened, Shape.NIGHT_FOR_EVENING: _night_for_evening,
}  # fmt: skip
"""The stakes [24] of a day as each makes them, from its stakes, what was due and the clock."""
_FAULTS: dict[Shape, Callable[[Rng], Floats]] = {
    Shape.PAYOUTS_TOO_HIGH: _payouts_too_high, Shape.EVENTS_LOST: _events_lost,
}  # fmt: skip
"""What the hours [24, figures] are multiplied by."""
