"""Weekly holds: revenue that is stated too low, by operators' weekly totals. Pure.

Weekly returns are judged where a market files them; otherwise weeks of the feed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from regulator.detectors import underreporting
from regulator.detectors.anomaly import Anomaly, Kind
from regulator.detectors.underreporting import LEAST, WINDOWS, Panel
from regulator.money import said
from regulator.returns.history import Filed
from regulator.watch.market import WEEK, Market
from regulator.watch.sensitivity import Levels, Strictness
from regulator.watch.sighting import Sighting, plain

LIMIT = 1.58
"""Raises half a false alarm per operator and year on New York's weekly figures without fraud."""
_FEWEST = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Holds:
    """Weeks (rows, each ``start`` the first day) by operators: what was staked and what stayed."""

    operators: tuple[str, ...]
    currencies: tuple[str, ...]
    starts: tuple[date, ...]
    panel: Panel


def of_returns(filed: Sequence[Filed]) -> Holds | None:
    """The weekly returns as they hold now; ``None`` where fewer than three operators file them."""
    weekly = [each for each in filed if each.end - each.start == timedelta(days=6)]
    if not weekly:
        return None
    # A market's weeks begin on one day; who files other weeks can't be compared with it.
    days = [each.start.weekday() for each in weekly]
    usual = max(set(days), key=days.count)
    weekly = [each for each in weekly if each.start.weekday() == usual]
    names = tuple(sorted({each.operator for each in weekly}))
    first, last = min(e.start for e in weekly), max(e.start for e in weekly)
    starts = tuple(first + timedelta(days=7 * n) for n in range((last - first).days // 7 + 1))
    if len(names) < _FEWEST or len(starts) < LEAST + WINDOWS[0]:
        return None
    handle, revenue = (np.full((len(starts), len(names)), np.nan) for _ in range(2))
    for each in weekly:
        at = (each.start - first).days // 7, names.index(each.operator)
        handle[at], revenue[at] = each.stakes - each.refunds, each.ggr
    units = {each.operator: each.currency for each in weekly}
    return Holds(
        operators=names, currencies=tuple(units[name] for name in names), starts=starts,
        panel=Panel(handle=handle, revenue=revenue),
    )  # fmt: skip


def of_feed(market: Market) -> Holds | None:
    """Whole weeks of a market of days that begins on a Monday; ``None`` where it is too short."""
    weeks = market.size // 7
    if weeks < LEAST + WINDOWS[0]:
        return None
    staked, paid, back = (
        getattr(market, figure)[: weeks * 7].reshape(weeks, 7, -1).sum(axis=1)
        for figure in ("stakes", "payouts", "refunds")
    )
    return Holds(
        operators=market.operators, currencies=market.currencies,
        starts=tuple(market.at(7 * n).date() for n in range(weeks)),
        panel=Panel(handle=staked - back, revenue=staked - back - paid),
    )  # fmt: skip


def short(holds: Holds, levels: Levels) -> list[Sighting]:
    """Operators whose hold is short of what their past and their market make likely."""
    found: list[Sighting] = []
    for place, name in enumerate(holds.operators):
        strictness = Strictness(levels.of(name, Kind.UNDER_REPORTING), len(holds.operators))
        limit = strictness.deviations(LIMIT)
        told = underreporting.anomalies(holds.panel, place, limit)
        found += [_sighting(holds, place, each) for each in told]
    return found


def _sighting(holds: Holds, place: int, each: Anomaly) -> Sighting:
    evidence: Mapping[str, object] = each.evidence
    money = said(round(float(each.evidence["money"])), holds.currencies[place])
    stayed = each.evidence["expected_hold"] - each.evidence["shortfall"]
    return Sighting(
        operator=holds.operators[place], kind=Kind.UNDER_REPORTING, weight=each.severity,
        started_at=datetime.combine(holds.starts[each.started], time(), UTC),
        ended_at=datetime.combine(holds.starts[each.ended], time(), UTC) + WEEK,
        score=each.score, evidence=plain(evidence),
        explanation=f"In {each.evidence['weeks']} weeks {stayed:.2%} of stakes stayed with the"
        f" operator, where its past and its market make {each.evidence['expected_hold']:.2%}"
        f" likely: about {money} less revenue than expected.",
    )  # fmt: skip
