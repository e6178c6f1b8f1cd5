"""Rates into their table, and amounts of foreign currencies at the rate of their day.

A late rate re-values what it concerns: the persons whose conversions moved are cut anew by the
caller, so that stores move by the difference and a rebuild gives the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time

from django.db import connection

from attribution.money.rates import Rates
from attribution.projection import sums, tables
from attribution.projection.facts import RateFact

_COLUMNS = (("currency", "text"), ("base", "text"), ("day", "date"), ("rate", "bigint"))
_REPLACED = "ON CONFLICT (currency, base, day) DO UPDATE SET rate = excluded.rate"
_WITHDRAW = (
    "DELETE FROM attribution_rate USING unnest(%s::text[], %s::text[], %s::date[])"
    " AS given (currency, base, day) WHERE (attribution_rate.currency, attribution_rate.base,"
    " attribution_rate.day) = (given.currency, given.base, given.day)"
)
_LOAD = """
SELECT currency, day, rate FROM attribution_rate AS found
WHERE currency = ANY(%(currencies)s::text[]) AND base = '' AND day <= %(last)s AND day >= coalesce(
    (SELECT max(day) FROM attribution_rate AS earlier
     WHERE earlier.currency = found.currency AND base = '' AND earlier.day <= %(first)s),
    %(first)s)
"""
_NEXT = "SELECT min(day) FROM attribution_rate WHERE currency = %s AND base = '' AND day > %s"
_CONVERSIONS = """
SELECT position, person, (occurred_at AT TIME ZONE 'UTC')::date, amount, value, aside
FROM attribution_conversion
WHERE currency = %s AND currency <> '' AND occurred_at >= %s AND occurred_at < %s
"""
_REVALUE = """
UPDATE attribution_conversion AS stored SET value = given.value, aside = given.aside
FROM unnest(%s::bigint[], %s::bigint[], %s::boolean[]) AS given (position, value, aside)
WHERE stored.position = given.position
"""
# The same rule as money.convert: exact, then half away from zero.
_REVALUE_COST = """
UPDATE attribution_foreign_cost AS cost SET value = (
    SELECT round(cost.amount::numeric * rate / 1000000000000)::bigint FROM attribution_rate AS rate
    WHERE rate.currency = cost.currency AND rate.base = '' AND rate.day <= cost.day
    ORDER BY rate.day DESC LIMIT 1)
WHERE currency = %s AND day >= %s AND day < %s
"""
_FAR = date(9999, 12, 31)

Span = tuple[date, date]
"""From a day until before another."""


def put(found: Sequence[RateFact], home: str) -> dict[str, Span]:
    """Store the rates of a batch; the days on which a currency's worth may have changed by it."""
    last: dict[tuple[str, str, date], int | None] = {}
    for fact in found:
        base = "" if fact.base == home else fact.base
        last[(fact.currency, base, fact.day)] = fact.rate
    kept = sorted((*key, rate) for key, rate in last.items() if rate is not None)
    tables.insert("attribution_rate", _COLUMNS, kept, conflict=_REPLACED)
    gone = sorted(key for key, rate in last.items() if rate is None)
    if gone:
        with connection.cursor() as cursor:
            cursor.execute(_WITHDRAW, [list(column) for column in zip(*gone, strict=True)])
    days: dict[str, list[date]] = {}
    for currency, base, day in last:
        if not base and currency != home:
            days.setdefault(currency, []).append(day)
    return {currency: (min(each), _until(currency, max(each))) for currency, each in days.items()}


def rates(needed: Iterable[tuple[str, date]]) -> Rates:
    """The rates for amounts of these currencies on these days."""
    asked = [(currency, day) for currency, day in needed if currency]
    if not asked:
        return Rates()
    days = [day for _, day in asked]
    return Rates(
        sums.rows(
            _LOAD,
            {
                "currencies": sorted({currency for currency, _ in asked}),
                "first": min(days),
                "last": max(days),
            },
        )
    )


def revalue(spans: Mapping[str, Span]) -> set[str]:
    """Give what lies in ``spans`` its worth; the persons whose conversions are worth another."""
    moved: set[str] = set()
    for currency, (first, end) in sorted(spans.items()):
        revalue_costs(currency, (first, end))
        found = sums.rows(_CONVERSIONS, [currency, _midnight(first), _midnight(end)])
        known = rates((currency, day) for _, _, day, *_ in found)
        changed = []
        for position, person, day, amount, value, aside in found:
            worth = known.worth(amount, currency, day)
            if ((worth or 0), worth is None) != (value, aside):
                changed.append((position, worth or 0, worth is None))
                moved.add(person)
        if changed:
            with connection.cursor() as cursor:
                cursor.execute(_REVALUE, [list(column) for column in zip(*changed, strict=True)])
    return moved


def revalue_costs(currency: str, span: Span) -> None:
    """Give the costs in ``currency`` on the days of ``span`` their worth."""
    with connection.cursor() as cursor:
        cursor.execute(_REVALUE_COST, [currency, *span])


def _until(currency: str, day: date) -> date:
    ((found,),) = sums.rows(_NEXT, [currency, day])
    return found or _FAR


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
