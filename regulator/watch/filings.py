"""Returns watched as a whole market: tax against its rate, and versions against each other. Pure.

Where the register has rates, a wrong tax is a finding of exact checks (``returns.checks``); this
judges what the register says nothing about. Restatements are findings too, so of versions only
what makes figures untrustworthy is an anomaly: mixed up, gone, or incomplete.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

import numpy as np

from regulator.contracts import Rates
from regulator.detectors import tax, vintages
from regulator.detectors.anomaly import Anomaly, Kind
from regulator.detectors.vintages import Known
from regulator.money import major
from regulator.operators.tax import in_force
from regulator.returns.history import Filed, current
from regulator.watch.sighting import Sighting, plain

LEAST_OPERATORS = 3
"""Operators in a vintage from which it is the whole market's, not one operator's return."""
_DAY = timedelta(days=1)


def taxes(versions: Sequence[Filed], rates: Mapping[str, Sequence[Rates]]) -> list[Sighting]:
    """Monthly returns whose tax is on no rate of their market, each currency a market."""
    held = [each for each in current(versions) if _monthly(each) and not _ruled(each, rates)]
    found: list[Sighting] = []
    for unit in sorted({each.currency for each in held}):
        rows = sorted((each for each in held if each.currency == unit), key=lambda f: f.start)
        returns = tax.Returns(
            period=np.array([_month(each.start) for each in rows], dtype=np.int64),
            operator=tuple(each.operator for each in rows),
            base=np.array([each.ggr for each in rows], dtype=np.float64),
            tax=np.array(
                [np.nan if each.tax is None else each.tax for each in rows], dtype=np.float64
            ),
        )
        found += [_taxed(told) for told in tax.anomalies(returns, tax.examine(returns))]
    return found


def _ruled(filed: Filed, rates: Mapping[str, Sequence[Rates]]) -> bool:
    """Whether the register says what tax is due for a return."""
    return in_force(rates.get(filed.operator, ()), filed.end) is not None


def _monthly(filed: Filed) -> bool:
    return filed.start.day == 1 and (filed.end + _DAY).day == 1 and _days(filed) <= 31


def _days(filed: Filed) -> int:
    return (filed.end - filed.start).days + 1


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _first(month: int) -> datetime:
    return datetime(month // 12, month % 12 + 1, 1, tzinfo=UTC)


def _taxed(told: Anomaly) -> Sighting:
    return Sighting(
        operator=str(told.evidence.get("operator", "")), kind=told.kind, weight=told.severity,
        started_at=_first(told.started), ended_at=_first(told.ended + 1), score=told.score,
        evidence=plain(told.evidence), explanation=told.explanation,
    )  # fmt: skip


def incidents(versions: Sequence[Filed]) -> list[Sighting]:
    """What publications of a whole market's returns show when each is held against those before."""
    starts = sorted({each.start for each in versions})
    ends = {each.start: each.end for each in versions}
    number = {day: place for place, day in enumerate(starts)}
    told: list[Anomaly] = []
    known, last = Known(), frozenset[tuple[int, str]]()
    for rows in _publications(versions):
        now = {
            (number[each.start], each.operator): (
                major(each.stakes, each.currency), major(each.ggr, each.currency),
            )
            for each in rows
        }  # fmt: skip
        found, known = vintages.examine(known, now)
        told += [each for each in found if each.kind is not Kind.RESTATEMENT]
        last = frozenset(now)
    return _once(told, known, last, [(day, ends[day]) for day in starts])


def _publications(versions: Sequence[Filed]) -> Iterator[list[Filed]]:
    """Vintages that hold several operators and enough periods to be the market's whole history."""
    by_day: dict[date, list[Filed]] = {}
    for each in versions:
        by_day.setdefault(each.vintage, []).append(each)
    for day in sorted(by_day):
        rows = by_day[day]
        periods = {each.start for each in rows}
        enough = len(periods) > vintages.RECENT
        if enough and len({each.operator for each in rows}) >= LEAST_OPERATORS:
            yield rows


def _once(
    told: Sequence[Anomaly], known: Known, last: frozenset[tuple[int, str]],
    periods: Sequence[tuple[date, date]],
) -> list[Sighting]:  # fmt: skip
    """Each incident once, whatever number of versions show it; the first version's words."""
    found: dict[tuple[str, Kind, int], Sighting] = {}
    for each in told:
        name = _named(each)
        key = (name, each.kind, each.started)
        if key not in found:
            found[key] = Sighting(
                operator=name, kind=each.kind, weight=each.severity, score=each.score,
                started_at=datetime.combine(periods[each.started][0], time(), UTC),
                ended_at=datetime.combine(periods[each.ended][1] + _DAY, time(), UTC),
                evidence=plain(each.evidence), explanation=each.explanation,
                done=not _stands(each, known, last),
            )  # fmt: skip
    return list(found.values())


def _named(each: Anomaly) -> str:
    """Whose an incident is: one operator's, or the market's."""
    evidence = each.evidence
    names = evidence.get("missing") or evidence.get("brands") or [evidence.get("brand", "")]
    return str(names[0]) if len(names) == 1 else ""


def _stands(each: Anomaly, known: Known, last: frozenset[tuple[int, str]]) -> bool:
    """Whether the newest version still shows it."""
    if each.kind is Kind.BRAND_MIX_UP:
        return each.evidence["brand"] in known.mixed
    if each.kind is Kind.INCOMPLETE_PERIOD:
        return any((each.started, name) not in last for name in each.evidence["missing"])
    brands = each.evidence["brands"]
    return any(brand in brands and each.started <= at <= each.ended for at, brand in known.gone)
