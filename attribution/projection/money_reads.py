"""Rates as they are set, and amounts that wait for one."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from attribution.money.figures import Aside, RateView
from attribution.projection import sums
from kernel import money
from kernel.paging import Page, decode_cursor, encode_cursor

_ASIDE = """
SELECT currency, min(day), max(day), count(DISTINCT day), sum(one)::bigint, sum(amount)::bigint,
       sum(cost)::bigint
FROM (
    SELECT currency, (occurred_at AT TIME ZONE 'UTC')::date AS day, 1 AS one, amount, 0 AS cost
    FROM attribution_conversion WHERE aside AND merged_into IS NULL
      AND occurred_at >= %(from)s AND occurred_at < %(until)s
    UNION ALL
    SELECT currency, day, 0, 0, amount FROM attribution_foreign_cost
    WHERE value IS NULL AND day BETWEEN %(start)s AND %(end)s
) AS found GROUP BY currency ORDER BY currency
"""
_RATES = """
SELECT currency, day, base, rate, (
    SELECT min(later.day) FROM attribution_rate AS later
    WHERE later.currency = stored.currency AND later.base = stored.base AND later.day > stored.day)
FROM attribution_rate AS stored
WHERE (%(currency)s::text IS NULL OR currency = %(currency)s)
  AND (%(day)s::date IS NULL OR (day, currency, base) < (%(day)s, %(after)s, %(base)s))
ORDER BY day DESC, currency DESC, base DESC LIMIT %(limit)s
"""

_ONE = """
SELECT currency, day, base, rate FROM attribution_rate
WHERE currency = %s AND day = %s ORDER BY base LIMIT 1
"""


def aside(start: date, end: date) -> tuple[Aside, ...]:
    """Per currency what the days ``start``..``end`` have that no rate gives a worth."""
    parameters = {
        "start": start,
        "end": end,
        "from": datetime.combine(start, time(), tzinfo=UTC),
        "until": datetime.combine(end, time(), tzinfo=UTC) + timedelta(days=1),
    }
    return tuple(
        Aside(
            currency=currency,
            first=first,
            last=last,
            days=days,
            conversions=conversions,
            amount=amount / money.MICRO,
            cost=cost / money.MICRO,
        )
        for currency, first, last, days, conversions, amount, cost in sums.rows(_ASIDE, parameters)
    )


def rates(*, home: str, currency: str | None, cursor: str | None, limit: int) -> Page[RateView]:
    """Rates, newest day first; raises ``InvalidCursor``."""
    asked: dict[str, Any] = {"currency": currency, "day": None, "after": "", "base": ""}
    if cursor is not None:
        day, after, base = decode_cursor(cursor, (str, str, str))
        asked |= {"day": _day(str(day)), "after": after, "base": base}
    found = sums.rows(_RATES, {**asked, "limit": limit + 1})
    page = [_view(row, home) for row in found[:limit]]
    last = found[limit - 1] if len(found) > limit else None
    following = encode_cursor(last[1].isoformat(), last[0], last[2]) if last else None
    return Page(items=page, next_cursor=following)


def rate(*, home: str, currency: str, day: date) -> RateView | None:
    """The rate set for exactly this day; one against the tenant's currency before any other."""
    found = sums.rows(_ONE, [currency, day])
    return _view((*found[0], None), home) if found else None


def _view(row: tuple[str, date, str, int, date | None], home: str) -> RateView:
    currency, day, base, rate, later = row
    return RateView(
        day=day,
        currency=currency,
        base=base or home,
        rate=money.rate_text(rate),
        used=not base and currency != home,
        until=later - timedelta(days=1) if later else None,
    )


def _day(text: str) -> date:
    from kernel.paging import InvalidCursor

    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidCursor("This cursor is not one this list gave out.") from None
