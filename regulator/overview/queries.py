"""What the market overview reads: a currency's operators in a range and in the one before."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from django.db import connection
from django.db.models import Max

from portal.notices import remembered
from regulator.contracts import Severity
from regulator.figures.projection import ALL, DAY
from regulator.models import Operator, Return, Total
from regulator.operators.commands import terms
from regulator.overview import sums
from regulator.overview.sums import Account
from regulator.queries_returns import filed, findings
from regulator.returns.checks import Fed
from regulator.returns.history import Filed

_DAY = timedelta(days=1)

# The version of each period that holds now: the latest vintage, of those the one told last.
_HELD = """
SELECT DISTINCT ON (operator, start, "end") * FROM regulator_return
WHERE operator = ANY(%s) AND start <= %s AND "end" >= %s
ORDER BY operator, start, "end", vintage DESC, place DESC
"""
# The operators come as one array: a list of them would be hundreds of parameters to write out.
_DAYS = """
SELECT operator, (start AT TIME ZONE 'UTC')::date, stakes, payouts, refunds FROM regulator_total
WHERE operator = ANY(%s) AND span = 'day' AND game = '' AND currency = %s
  AND start >= %s AND start < %s
"""
_GAMES = """
SELECT game, sum(stakes), sum(payouts), sum(refunds) FROM regulator_total
WHERE operator = ANY(%s) AND span = 'day' AND game <> '' AND currency = %s
  AND start >= %s AND start < %s
GROUP BY game ORDER BY game
"""
_RECEIPTS = """
SELECT entry.name, entry.title, batch.number, batch.at, batch.count, batch.fresh,
       jsonb_array_length(batch.faults)
FROM regulator_operator entry CROSS JOIN LATERAL (
    SELECT number, at, count, fresh, faults FROM regulator_receipt
    WHERE operator = entry.name ORDER BY number DESC LIMIT %s
) batch
ORDER BY batch.at DESC, entry.name LIMIT %s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """The operators of one currency from ``start`` to ``end``, and in as many days before."""

    currency: str
    start: date
    end: date
    now: tuple[Account, ...]
    before: tuple[Account, ...]
    games: Mapping[str, Fed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A batch that was taken; ``faults`` of its records were turned away."""

    operator: str
    title: str
    number: int
    at: datetime
    count: int
    fresh: int
    faults: int


def currencies() -> list[str]:
    """The currencies operators are registered in, in the order of the alphabet."""
    return list(Operator.objects.order_by("currency").values_list("currency", flat=True).distinct())


def newest(currency: str) -> date | None:
    """The last day there is anything of, by feed or return."""
    names = list(Operator.objects.filter(currency=currency).values_list("name", flat=True))
    played = Total.objects.filter(operator__in=names, span=DAY, game=ALL).aggregate(at=Max("start"))
    declared = Return.objects.filter(operator__in=names).aggregate(at=Max("end"))["at"]
    days = [played["at"].date() if played["at"] else None, declared]
    return max((day for day in days if day is not None), default=None)


def market(currency: str, *, start: date, end: date) -> Market:
    """One currency's operators, by name."""
    entries = [
        terms(row) for row in Operator.objects.filter(currency=currency).order_by("title", "name")
    ]
    names = [each.operator for each in entries]
    first, last = sums.before(start, end)
    days, held = _days(names, currency, first, end), _held(names, first, end)

    def accounts(low: date, high: date) -> tuple[Account, ...]:
        return tuple(
            sums.account(
                entry,
                {day: fed for day, fed in days[entry.operator].items() if low <= day <= high},
                held[entry.operator], low, high,
            )
            for entry in entries
        )  # fmt: skip

    return Market(
        currency=currency, start=start, end=end, now=accounts(start, end),
        before=accounts(first, last), games=_games(names, currency, start, end),
    )  # fmt: skip


def severities(now: datetime) -> dict[str, int]:
    """How many findings are open, by severity; at most ten seconds old."""
    return remembered("regulator-severities", lambda: _severities(now))


def receipts(*, limit: int) -> list[Taken]:
    """The batches taken last, of all operators."""
    with connection.cursor() as cursor:
        cursor.execute(_RECEIPTS, [limit, limit])
        return [
            Taken(
                operator=name, title=title, number=number, at=at, count=count, fresh=fresh,
                faults=faults,
            )
            for name, title, number, at, count, fresh, faults in cursor.fetchall()
        ]  # fmt: skip


def _severities(now: datetime) -> dict[str, int]:
    found = {str(each): 0 for each in Severity}
    for each in findings(now=now):
        found[str(each.severity)] += 1
    return found


def _days(names: list[str], currency: str, start: date, end: date) -> dict[str, dict[date, Fed]]:
    found: defaultdict[str, dict[date, Fed]] = defaultdict(dict)
    bound = (names, currency, _midnight(start), _midnight(end + _DAY))
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, bound)
        for name, day, stakes, payouts, refunds in cursor.fetchall():
            found[name][day] = Fed(stakes=stakes, payouts=payouts, refunds=refunds)
    return found


def _held(names: list[str], start: date, end: date) -> dict[str, list[Filed]]:
    found: defaultdict[str, list[Filed]] = defaultdict(list)
    for row in Return.objects.raw(_HELD, [names, end, start]):
        found[row.operator].append(filed(row))
    return found


def _games(names: list[str], currency: str, start: date, end: date) -> dict[str, Fed]:
    with connection.cursor() as cursor:
        cursor.execute(_GAMES, [names, currency, _midnight(start), _midnight(end + _DAY)])
        return {
            game: Fed(stakes=int(stakes), payouts=int(payouts), refunds=int(refunds))
            for game, stakes, payouts, refunds in cursor.fetchall()
        }


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
