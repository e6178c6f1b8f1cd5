"""Each day's stakes counted from the log once it is over: their pace, and how high they were.

A day at a time, so that a night reads a day and a first night what its detectors look back on.
Days are counted anew while records of them may still come: ``LATE`` after their end.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, time

from django.db import connection
from django.db.models import Max

from regulator.detectors import tempo
from regulator.figures.projection import ALL
from regulator.figures.projection import DAY as TOTAL_DAY
from regulator.models import PlayedDay, Total
from regulator.watch.market import DAY

LATE = 3
"""Days after its end on which a day is counted again."""
Key = tuple[str, str]
"""An operator and a game type."""
_STAKES = """
WITH placed AS (
    SELECT payload->>'operator' AS operator, payload->>'game_type' AS game,
           (payload->>'amount')::bigint AS amount, occurred_at AS at,
           occurred_at - lag(occurred_at) OVER sitting AS gap,
           lag(occurred_at) OVER sitting - lag(occurred_at, 2) OVER sitting AS before
    FROM event
    WHERE occurred_at >= %(start)s AND occurred_at < %(end)s AND type = 'gaming.stake'
    WINDOW sitting AS (
        PARTITION BY payload->>'operator', payload->>'game_type', subject
        ORDER BY occurred_at, position
    )
), told AS (
    SELECT operator, game,
           amount - amount %% (10 ^ greatest(length(amount::text) - 2, 0))::bigint AS cell,
           gap > interval '0' AND gap <= %(longest)s::interval
               AND before > interval '0' AND before <= %(longest)s::interval AS pair,
           greatest(gap, before) > %(uneven)s * least(gap, before) AS uneven
    FROM placed
)
SELECT operator, game, cell, count(*), count(*) FILTER (WHERE pair),
       count(*) FILTER (WHERE pair AND uneven)
FROM told GROUP BY operator, game, cell
"""


def count(*, since: date, today: date) -> int:
    """Count the days from ``since`` until before ``today`` that are not yet; how many were.

    Also those of which some operator's stakes came so late that none of them are counted.
    """
    last = PlayedDay.objects.aggregate(last=Max("day"))["last"]
    first = since if last is None else max(since, min(last + DAY, today - LATE * DAY))
    days = {first + n * DAY for n in range((today - first).days)} | _left_out(since, first)
    for day in sorted(days):
        _keep(_counted(day))
    return len(days)


def _left_out(since: date, until: date) -> set[date]:
    """Days on which an operator staked on a game and nothing of it is counted."""
    totals = Total.objects.filter(
        span=TOTAL_DAY, stakes__gt=0, start__gte=_midnight(since), start__lt=_midnight(until)
    ).exclude(game=ALL)
    staked = {
        (name, game, at.astimezone(UTC).date())
        for name, game, at in totals.values_list("operator", "game", "start").iterator()
    }
    counted = PlayedDay.objects.filter(day__gte=since, day__lt=until)
    return {key[2] for key in staked - set(counted.values_list("operator", "game", "day"))}


def forget(*, before: date) -> None:
    """Drop days that nothing looks back on any more."""
    PlayedDay.objects.filter(day__lt=before).delete()


def _counted(day: date) -> list[PlayedDay]:
    start = _midnight(day)
    with connection.cursor() as cursor:
        cursor.execute(
            _STAKES,
            {
                "start": start, "end": start + DAY,
                "longest": f"{tempo.LONGEST} seconds", "uneven": tempo.UNEVEN,
            },
        )  # fmt: skip
        return _gathered(day, cursor.fetchall())


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _gathered(day: date, rows: Iterable[tuple[str, str, int, int, int, int]]) -> list[PlayedDay]:
    """Rows (operator, game, cell, stakes, pairs, uneven) by operator and game."""
    cells: defaultdict[Key, dict[str, int]] = defaultdict(dict)
    pairs: Counter[Key] = Counter()
    uneven: Counter[Key] = Counter()
    for operator, game, cell, stakes, paired, odd in rows:
        cells[operator, game][str(cell)] = stakes
        pairs[operator, game] += paired
        uneven[operator, game] += odd
    return [
        PlayedDay(
            operator=key[0], game=key[1], day=day, pairs=pairs[key], uneven=uneven[key],
            cells=held,
        )
        for key, held in sorted(cells.items())
    ]  # fmt: skip


def _keep(rows: list[PlayedDay]) -> None:
    """What was counted before is replaced; the log forgets nothing, so no row is ever too many."""
    PlayedDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["day", "operator", "game"],
        update_fields=["pairs", "uneven", "cells"],
    )  # fmt: skip
