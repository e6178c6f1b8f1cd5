"""What the wall reads: the signs of life of every feed at once, few rows however long they are."""

from datetime import datetime, timedelta

from django.db import connection

from regulator.models import Feed, Operator
from regulator.wall.states import Signs, usual

DAYS = 14
"""Days whose same hour is what is usual."""
_BATCHES = 120
_WINDOW = timedelta(hours=1)
_REFUSED = timedelta(days=1)
_HOUR = timedelta(hours=1)

# Each feed's newest batches by the index of their numbers; the table's length does not matter.
_NEWEST = f"""
SELECT entry.name,
       coalesce(sum(batch.fresh) FILTER (WHERE batch.at > %(window)s), 0),
       count(*) FILTER (WHERE batch.at <= %(window)s) > 0 OR count(batch.at) < {_BATCHES},
       min(batch.at),
       coalesce(sum(batch.late) FILTER (WHERE batch.at > %(window)s), 0),
       coalesce(sum(jsonb_array_length(batch.faults)) FILTER (WHERE batch.at > %(refused)s), 0),
       coalesce(max(batch.number), 0), max(batch.at)
FROM regulator_operator entry LEFT JOIN LATERAL (
    SELECT number, at, fresh, late, faults FROM regulator_receipt
    WHERE operator = entry.name ORDER BY number DESC LIMIT {_BATCHES}
) batch ON true
GROUP BY entry.name
"""  # noqa: S608  # a constant

_MIDDLE = """
SELECT operator, extract(hour FROM start AT TIME ZONE 'UTC') AS hour,
       percentile_cont(0.5) WITHIN GROUP (ORDER BY events)
FROM regulator_total
WHERE operator = ANY(%s) AND span = 'hour' AND start = ANY(%s) AND game = ''
GROUP BY operator, hour
"""


def signs(now: datetime) -> list[Signs]:
    """Every operator's."""
    feeds = {row.operator: row for row in Feed.objects.all()}
    entries = list(Operator.objects.values_list("name", "title", "licensed_until"))
    batches, often = _batches(now), _usual([name for name, _, _ in entries], now)
    found = []
    for name, title, until in entries:
        feed = feeds.get(name) or Feed(operator=name)
        fresh, window, late, refused, number, at = batches[name]
        found.append(
            Signs(
                operator=name, title=title, ended=until is not None and until < now.date(),
                heard_at=feed.heard_at, quiet_since=feed.quiet_since,
                rhythm=None if feed.rhythm is None else timedelta(seconds=feed.rhythm),
                missing=feed.missing, late=late, refused=refused, fresh=fresh, window=window,
                usual=often.get(name), receipt=number, receipt_at=at,
            )
        )  # fmt: skip
    return found


_Batches = tuple[int, timedelta, int, int, int, datetime | None]


def _batches(now: datetime) -> dict[str, _Batches]:
    """Of each operator's newest batches: new records and their window, late, refused, the last."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"window": now - _WINDOW, "refused": now - _REFUSED})
        return {
            name: (
                int(fresh), _WINDOW if whole or oldest is None else now - oldest, int(late),
                int(refused), number, at,
            )
            for name, fresh, whole, oldest, late, refused, number, at in cursor.fetchall()
        }  # fmt: skip


def _usual(names: list[str], now: datetime) -> dict[str, float | None]:
    """The records of a minute usual at this time, by the median of the days with any play."""
    this = now.replace(minute=0, second=0, microsecond=0)
    hours = (this - _HOUR, this)
    starts = [hour - timedelta(days=day) for hour in hours for day in range(1, DAYS + 1)]
    with connection.cursor() as cursor:
        cursor.execute(_MIDDLE, [names, starts])
        middle = {(name, int(hour)): float(events) for name, hour, events in cursor.fetchall()}
    return {
        name: usual(middle.get((name, hours[0].hour)), middle.get((name, hours[1].hour)), now)
        for name in names
    }
