"""Leading digits of what players stake, a week against the operator's own weeks before. Pure.

What is kept of stakes is how many begin with the same two digits and have as many places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import log

import numpy as np

from regulator.detectors import benford
from regulator.detectors.anomaly import Ints, Kind, severity
from regulator.watch.market import WEEK
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

PAST = 12
"""Weeks before that a week is held against."""
SIZE = 0.001
"""Chance of accusing an honest week."""
Weeks = Mapping[date, Mapping[int, int]]
"""By the Monday of a week: how many stakes lie in each cell, named by its lowest amount."""


def cell(amount: int) -> int:
    """The cell of an amount: its first two digits and then zeros."""
    scale = 1
    while amount >= 100 * scale:
        scale *= 10
    return amount // scale * scale


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


@dataclass(frozen=True, slots=True, kw_only=True)
class Staked:
    """An operator's stakes by week, and its currency."""

    operator: str
    currency: str
    weeks: Weeks


def compare(
    operators: Sequence[Staked], levels: Levels, *, since: date, until: date, only: str = ""
) -> list[Sighting]:
    """Weeks from ``since`` until before ``until`` that differ from those before them."""
    found: list[Sighting] = []
    for each in [each for each in operators if only in ("", each.operator)]:
        for week in sorted(w for w in each.weeks if since <= w < until):
            past = [each.weeks[w] for w in sorted(each.weeks) if w < week][-PAST:]
            strictness = Strictness(levels.of(each.operator, Kind.DIGITS), len(operators))
            told = _digits(each, week, past, strictness.size(SIZE))
            found += [told] if told else []
    return found


def tally(cells: Mapping[int, int]) -> Ints:
    """How many stakes begin with each pair of digits, 10 to 99."""
    counted: Ints = np.zeros(90, dtype=np.int64)
    for lowest, count in cells.items():
        if lowest > 0:
            counted[int(benford.leading(np.array([lowest], dtype=np.float64))[0]) - 10] += count
    return counted


def _digits(
    each: Staked, week: date, past: Sequence[Mapping[int, int]], size: float
) -> Sighting | None:
    now = tally(each.weeks[week])
    before = [tally(cells) for cells in past]
    told = benford.against_history(before, now)
    if told is None or told.p_value >= size:
        return None
    usual = np.sum(before, axis=0)
    excess = now / now.sum() - usual / usual.sum()
    most = [int(place) + 10 for place in np.argsort(excess)[::-1][:3]]
    started, score = datetime.combine(week, time(), UTC), -log(max(told.p_value, 1e-300))
    return Sighting(
        operator=each.operator, kind=Kind.DIGITS, started_at=started, ended_at=started + WEEK,
        weight=severity(score, -log(size)), score=score,
        evidence=plain({
            "stakes": told.count, "statistic": told.statistic, "freedom": told.freedom,
            "dispersion": told.dispersion, "p": told.p_value, "too_often": most,
        }),
        explanation=f"The leading digits of {told.count:,} stakes are not those of the"
        f" {len(before)} weeks before: by chance {_seldom(told.p_value)} is as far off. Too often"
        f" stakes begin with {', '.join(map(str, most))}.",
    )  # fmt: skip


def _seldom(chance: float) -> str:
    return f"one week in {1 / chance:,.0f}" if chance > 1e-6 else "not one week in a million"
