"""What an operator's chart reads of its feed's past."""

from datetime import date, datetime

from django.db import connection
from django.db.models import Max, Min

from regulator.feeds.state import Hole
from regulator.figures.projection import ALL, DAY, HOUR
from regulator.models import Gap, Total

MOST = 200
"""Holes, and hours with trouble, that are read at once."""

_TROUBLED = """
SELECT date_trunc('hour', at, 'UTC') AS hour, count(*), sum(late), sum(jsonb_array_length(faults))
FROM regulator_receipt
WHERE operator = %s AND at >= %s AND at < %s AND (late > 0 OR faults <> '[]')
GROUP BY hour ORDER BY hour DESC LIMIT %s
"""


def newest(name: str) -> date | None:
    """The last day with a record."""
    found = Total.objects.filter(operator=name, span=DAY).aggregate(at=Max("start"))["at"]
    return found.date() if found else None


def first_hour(name: str) -> datetime | None:
    """The first hour with a record."""
    found: datetime | None = Total.objects.filter(operator=name, span=HOUR).aggregate(
        at=Min("start")
    )["at"]
    return found


def hours(name: str, start: datetime, end: datetime) -> list[datetime]:
    """The hours with a record, by their beginnings."""
    rows = Total.objects.filter(operator=name, span=HOUR, game=ALL, start__gte=start, start__lt=end)
    return list(rows.order_by("start").values_list("start", flat=True))


def holes(name: str, start: datetime, end: datetime) -> list[Hole]:
    """The holes noticed between two moments, the newest of them."""
    rows = Gap.objects.filter(operator=name, opened_at__gte=start, opened_at__lt=end)
    return [
        Hole(first=row.first, last=row.last, opened_at=row.opened_at)
        for row in rows.order_by("-opened_at")[:MOST]
    ]


def troubled(name: str, start: datetime, end: datetime) -> list[tuple[datetime, int, int, int]]:
    """Hours with batches that were late or refused in part: how many, late and refused records."""
    with connection.cursor() as cursor:
        cursor.execute(_TROUBLED, [name, start, end, MOST])
        return [(at, batches, int(late), int(bad)) for at, batches, late, bad in cursor.fetchall()]
