"""How a month will end: what it has, and for the days left what the last full days had."""

from collections.abc import Mapping
from datetime import date, timedelta

LOOK_BACK = 7


def month_end(amounts: Mapping[date, int], *, today: date, days_in_month: int) -> int | None:
    """The month's sum at its end; ``None`` before there is one full day to go by.

    Today counts with what it has, at least with an average day. The average is over the last seven
    full days since the first event, so weekdays and weekends weigh as they do in a week.
    """
    first = min(amounts, default=today)
    full = [today - timedelta(days=back) for back in range(1, LOOK_BACK + 1)]
    full = [day for day in full if day >= first]
    if not full:
        return None
    average = sum(amounts.get(day, 0) for day in full) / len(full)
    before = sum(
        amount for day, amount in amounts.items() if _same_month(day, today) and day < today
    )
    left = days_in_month - today.day
    return round(before + max(amounts.get(today, 0), average) + left * average)


def _same_month(day: date, other: date) -> bool:
    return (day.year, day.month) == (other.year, other.month)
