"""Rates by currency and day, and what an amount of another currency is worth on a day.

A rate holds from its day until the day of the next one, as central banks' rates hold over a
weekend. Before the first rate of a currency there is none, and an amount has no worth: it is kept
aside, never taken at one to one.
"""

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date

from kernel import money


class Rates:
    """Rates (currency, day, trillionths) against one currency, in any order."""

    def __init__(self, found: Iterable[tuple[str, date, int]] = ()) -> None:
        self._days: dict[str, list[date]] = {}
        self._rates: dict[str, list[int]] = {}
        for currency, day, rate in sorted(found):
            self._days.setdefault(currency, []).append(day)
            self._rates.setdefault(currency, []).append(rate)

    def at(self, currency: str, day: date) -> int | None:
        """The rate that holds on ``day``; ``None`` before the first."""
        place = bisect_right(self._days.get(currency, []), day)
        return self._rates[currency][place - 1] if place else None

    def worth(self, amount: int, currency: str, day: date) -> int | None:
        """``amount`` (millionths) of ``currency`` on ``day``; no currency is the tenant's own."""
        if not currency:
            return amount
        rate = self.at(currency, day)
        return None if rate is None else money.convert(amount, rate)
