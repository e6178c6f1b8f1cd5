"""Which reports of conversions are one conversion, told twice. Pure.

Reports with the same order id are merged where they are stored (the whole tenant's, not a
person's); here is what follows from a person's own reports, and who counts among several.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import NamedTuple

MICROSECONDS_PER_MINUTE = 60_000_000


class Report(NamedTuple):
    """A conversion as somebody reported it; ``at`` in microseconds since 1970."""

    position: int
    xid: int
    person: str
    at: int
    conversion_type: int
    value: int
    order_id: str
    origin: str


def merged(reports: Sequence[Report], *, sources: Sequence[str], minutes: int) -> dict[int, int]:
    """Position -> position of the report that counts in its stead.

    In order of time a report joins the earliest conversion of its person, type and value that began
    at most ``minutes`` before, has no report of its source yet, and no other order id. Of the
    reports of one conversion that of the first of ``sources`` counts, then the first in the log.
    """
    if minutes <= 0:
        return {}
    told: dict[tuple[str, int, int], list[list[Report]]] = {}
    for report in sorted(reports, key=lambda each: (each.at, each.xid, each.position)):
        known = told.setdefault((report.person, report.conversion_type, report.value), [])
        recent = _recent(known, report.at - minutes * MICROSECONDS_PER_MINUTE)
        same = next((each for each in recent if _joins(report, each)), None)
        if same is None:
            known.append([report])
        else:
            same.append(report)
    return _counting([each for known in told.values() for each in known], sources)


def _recent(conversions: Sequence[list[Report]], since: int) -> Sequence[list[Report]]:
    """Those that began at ``since`` or later; they stand in order of their beginning."""
    return conversions[bisect_left(conversions, since, key=lambda each: each[0].at) :]


def _counting(conversions: Sequence[list[Report]], sources: Sequence[str]) -> dict[int, int]:
    rank = {source: place for place, source in enumerate(sources)}
    found = {}
    for conversion in conversions:
        first = min(conversion, key=lambda r: (rank.get(r.origin, len(rank)), r.xid, r.position))
        found.update({r.position: first.position for r in conversion if r is not first})
    return found


def _joins(report: Report, conversion: Sequence[Report]) -> bool:
    orders = {each.order_id for each in (*conversion, report) if each.order_id}
    return len(orders) <= 1 and all(each.origin != report.origin for each in conversion)
