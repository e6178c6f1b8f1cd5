"""From records to totals by hour, day and game: a projection of its own.

Sums of whole numbers do not depend on their order. Players are counted once each in every span, by
remembering them: a count of distinct people can't be added up from smaller ones.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime
from uuid import UUID

from django.db import connection

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.figures import players
from regulator.figures.players import Cell, Person
from regulator.models import PlayerDay, Total

NAME = "regulator-figures"
"""The projection's name."""
HOUR, DAY = players.HOUR, players.DAY
ALL = players.ALL
"""All games together."""
_COLUMN = {"gaming.stake": 0, "gaming.payout": 1, "gaming.refund": 2}

_KNOWN = """
SELECT known.operator, known.day, known.player, known.currency, known.game, known.hours
FROM unnest(%s::text[], %s::date[], %s::uuid[]) AS asked (operator, day, player)
JOIN regulator_player_day known USING (operator, day, player)
"""
_KEEP = """
INSERT INTO regulator_player_day (operator, day, player, currency, game, hours)
SELECT * FROM unnest(%s::text[], %s::date[], %s::uuid[], %s::text[], %s::text[], %s::integer[])
ON CONFLICT (operator, day, player, game, currency) DO UPDATE SET
    hours = regulator_player_day.hours | excluded.hours
"""
_ADD = """
INSERT INTO regulator_total
       (operator, span, start, game, currency, stakes, payouts, refunds, events, players)
SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[],
                     %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
ON CONFLICT (operator, span, start, game, currency) DO UPDATE SET
    stakes = regulator_total.stakes + excluded.stakes,
    payouts = regulator_total.payouts + excluded.payouts,
    refunds = regulator_total.refunds + excluded.refunds,
    events = regulator_total.events + excluded.events,
    players = regulator_total.players + excluded.players
"""


def handle(events: Sequence[StoredEvent]) -> None:
    """Add a batch's records to their totals."""
    sums: dict[Cell, list[int]] = {}
    seen: defaultdict[tuple[Person, str], int] = defaultdict(int)
    for stored in events:
        column = _COLUMN.get(stored.type)
        if column is None:
            continue
        body, at = decode(stored), stored.occurred_at
        for cell in _cells(at, body.operator, body.game_type, body.currency):
            row = sums.setdefault(cell, [0, 0, 0, 0])
            row[column] += body.amount
            row[3] += 1
        person = Person(body.operator, at.date(), UUID(stored.subject), body.currency)
        seen[person, body.game_type] |= 1 << at.hour
    if sums:
        _add(sums, _remembered(seen))


def _cells(at: datetime, operator: str, game: str, currency: str) -> Iterator[Cell]:
    hour = at.replace(minute=0, second=0, microsecond=0)
    for span, start in ((HOUR, hour), (DAY, hour.replace(hour=0))):
        for each in (game, ALL):
            yield Cell(operator, span, start, each, currency)


def _remembered(seen: dict[tuple[Person, str], int]) -> Counter[Cell]:
    """How many people are new in each cell; they are known from now on."""
    people = sorted({(person.operator, person.day, person.player) for person, _ in seen})
    rows = [(*person, game, hours) for (person, game), hours in sorted(seen.items())]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, _columns(people))
        known = {(Person(*row[:4]), row[4]): row[5] for row in cursor.fetchall()}
        cursor.execute(_KEEP, _columns(rows))
    return players.newly(known, seen)


def _add(sums: dict[Cell, list[int]], people: Counter[Cell]) -> None:
    rows = [(*cell, *amounts, people[cell]) for cell, amounts in sorted(sums.items())]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, _columns(rows))


def _columns(rows: Sequence[tuple[object, ...]]) -> list[list[object]]:
    return [list(column) for column in zip(*rows, strict=True)]


def reset() -> None:
    """Forget all totals."""
    active_tenant()
    Total.objects.all().delete()
    PlayerDay.objects.all().delete()
