"""Amounts that players stake, a week against the operator's own weeks before. Pure.

What is kept of stakes is how many begin with the same two digits and have as many places: enough
for leading digits, and for a percentile to one part in ten.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import log

import numpy as np

from regulator.detectors import benford, thinning
from regulator.detectors.anomaly import Floats, Ints, Kind, severity
from regulator.money import said
from regulator.watch.market import WEEK
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

PAST = 12
"""Weeks before that a week is held against."""
SIZE = 0.001
"""Chance of accusing an honest week, of the digits and of the high stakes each."""
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
            for kind, judge in ((Kind.DIGITS, _digits), (Kind.MISSING_HIGH_STAKES, _high)):
                strictness = Strictness(levels.of(each.operator, kind), len(operators))
                told = judge(each, week, past, strictness.size(SIZE))
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
    return _sighting(
        each, week, Kind.DIGITS, -log(max(told.p_value, 1e-300)), size,
        evidence={
            "stakes": told.count, "statistic": told.statistic, "freedom": told.freedom,
            "dispersion": told.dispersion, "p": told.p_value, "too_often": most,
        },
        explanation=f"The leading digits of {told.count:,} stakes are not those of the"
        f" {len(before)} weeks before: by chance {_seldom(told.p_value)} is as far off. Too often"
        f" stakes begin with {', '.join(map(str, most))}.",
    )  # fmt: skip


def _seldom(chance: float) -> str:
    return f"one week in {1 / chance:,.0f}" if chance > 1e-6 else "not one week in a million"


def _high(
    each: Staked, week: date, past: Sequence[Mapping[int, int]], size: float
) -> Sighting | None:
    told = thinning.missing_high_stakes(
        [_amounts(cells) for cells in past], _amounts(each.weeks[week]), size=size
    )
    if told is None:
        return None
    evidence = told.evidence
    return _sighting(
        each, week, Kind.MISSING_HIGH_STAKES, told.score, size, evidence=evidence,
        explanation=f"{evidence['above']:,} stakes are above"
        f" {said(round(evidence['threshold']), each.currency)}, where this operator's"
        f" {len(past)} weeks before make {evidence['expected']:,.0f} likely.",
    )  # fmt: skip


def _amounts(cells: Mapping[int, int]) -> Floats:
    ordered = sorted(cells)
    counts = [cells[lowest] for lowest in ordered]
    found: Floats = np.repeat(np.array(ordered, dtype=np.float64), counts)
    return found


def _sighting(
    each: Staked, week: date, kind: Kind, score: float, size: float, *,
    evidence: Mapping[str, object], explanation: str,
) -> Sighting:  # fmt: skip
    started = datetime.combine(week, time(), UTC)
    return Sighting(
        operator=each.operator, kind=kind, started_at=started, ended_at=started + WEEK,
        weight=severity(score, -log(size)), score=score, evidence=plain(evidence),
        explanation=explanation,
    )  # fmt: skip
