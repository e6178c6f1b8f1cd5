"""How long after their last ad click people converted, by source.

Read from journeys and touches through their indexes: what it costs is the number of conversions
looked at, which is bounded, and never what the tenant has.
"""

from datetime import date
from typing import Any

from attribution.contracts import By, ClickTimes
from attribution.projection import sums
from attribution.store.words import CONVERSION_TYPE, DIMENSIONS, KINDS

MOST = 20_000
"""Conversions looked at, the newest: enough to show a source's ways, quick enough for a page."""

_SOURCE = DIMENSIONS.index(By.SOURCE)
_TIMES = """
WITH newest AS (
    SELECT id, ended_at, positions FROM attribution_journey
    WHERE conversion_type > 0 AND conversion_type = %(kind)s
      AND ended_at >= %(start)s::date AT TIME ZONE 'UTC'
      AND ended_at < (%(end)s::date + 1) AT TIME ZONE 'UTC'
    ORDER BY ended_at DESC, id DESC LIMIT %(most)s
)
SELECT last.source, extract(epoch FROM newest.ended_at - last.occurred_at)::float8,
       extract(epoch FROM newest.ended_at)::float8
FROM newest LEFT JOIN LATERAL (
    SELECT source, occurred_at FROM attribution_touchpoint
    WHERE position = ANY (newest.positions) AND kind = %(click)s
    ORDER BY occurred_at DESC, position DESC LIMIT 1
) AS last ON TRUE
ORDER BY newest.id
"""
_CLICKS = """
SELECT key, sum(clicks)::bigint FROM attribution_daily_touch
WHERE dimension = %(dimension)s AND day BETWEEN %(start)s AND %(end)s
GROUP BY key HAVING sum(clicks) > 0
"""


def click_times(*, start: date, end: date, conversion_type: str) -> ClickTimes:
    """The times of the newest conversions of a type that ended from ``start`` to ``end``.

    A type that does not occur has none. Touches that were rejected are in no journey.
    """
    asked = {"start": start, "end": end}
    found = _times(asked, conversion_type)
    clicks = dict(sums.rows(_CLICKS, {**asked, "dimension": _SOURCE}))
    clicked = [row for row in found if row[0] is not None]
    keys = sorted(set(clicks) | {source for source, _, _ in clicked})
    place, labels = {key: number for number, key in enumerate(keys)}, sums.labels(_SOURCE)
    return ClickTimes(
        sources=tuple(labels[key] for key in keys),
        source=tuple(place[source] for source, _, _ in clicked),
        seconds=tuple(seconds for _, seconds, _ in clicked),
        at=tuple(at for _, _, at in clicked),
        clicks=tuple(clicks.get(key, 0) for key in keys),
        conversions=len(found),
        complete=len(found) < MOST,
    )


def _times(asked: dict[str, date], conversion_type: str) -> list[Any]:
    kind = sums.ids(CONVERSION_TYPE).get(conversion_type)
    if kind is None:  # it would be looked for among all conversions of the days
        return []
    return sums.rows(_TIMES, {**asked, "kind": kind, "most": MOST, "click": KINDS.index("click")})
