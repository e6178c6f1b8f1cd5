"""From records to totals by hour, day and game: a projection of its own.

Sums of whole numbers do not depend on their order. Players are counted once each in every span, by
remembering them: a count of distinct people can't be added up from smaller ones.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.models import Seen, Total

NAME = "regulator-figures"
"""The projection's name."""
HOUR, DAY = "hour", "day"
ALL = ""
"""All games together."""
_COLUMN = {"gaming.stake": 0, "gaming.payout": 1, "gaming.refund": 2}

_SEEN = """
INSERT INTO regulator_seen (operator, span, start, game, currency, player)
SELECT * FROM unnest(%s::text[], %s::text[], %s::timestamptz[], %s::text[], %s::text[], %s::uuid[])
ON CONFLICT DO NOTHING
RETURNING operator, span, start, game, currency
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


class Cell(NamedTuple):
    """What a total is of."""

    operator: str
    span: str
    start: datetime
    game: str
    currency: str


def handle(events: Sequence[StoredEvent]) -> None:
    """Add a batch's records to their totals."""
    sums: dict[Cell, list[int]] = {}
    players: set[tuple[Cell, UUID]] = set()
    for stored in events:
        column = _COLUMN.get(stored.type)
        if column is None:
            continue
        body = decode(stored)
        for cell in _cells(stored, body.operator, body.game_type, body.currency):
            row = sums.setdefault(cell, [0, 0, 0, 0])
            row[column] += body.amount
            row[3] += 1
            players.add((cell, UUID(stored.subject)))
    if sums:
        _add(sums, _first_seen(players))


def _cells(stored: StoredEvent, operator: str, game: str, currency: str) -> Iterator[Cell]:
    hour = stored.occurred_at.replace(minute=0, second=0, microsecond=0)
    for span, start in ((HOUR, hour), (DAY, hour.replace(hour=0))):
        for each in (game, ALL):
            yield Cell(operator, span, start, each, currency)


def _first_seen(players: set[tuple[Cell, UUID]]) -> Counter[Cell]:
    """How many of ``players`` were not yet known in their cell; they are from now on."""
    ordered = sorted(players)  # one order for all, so that two batches can't wait for each other
    columns = [list(column) for column in zip(*(cell for cell, _ in ordered), strict=True)]
    with connection.cursor() as cursor:
        cursor.execute(_SEEN, [*columns, [player for _, player in ordered]])
        return Counter(Cell(*row) for row in cursor.fetchall())


def _add(sums: dict[Cell, list[int]], players: Counter[Cell]) -> None:
    rows = [(*cell, *amounts, players[cell]) for cell, amounts in sorted(sums.items())]
    with connection.cursor() as cursor:
        cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])


def reset() -> None:
    """Forget all totals."""
    active_tenant()
    Total.objects.all().delete()
    Seen.objects.all().delete()
