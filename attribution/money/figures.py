"""What is told of currencies: rates, and amounts that wait for one. Amounts in whole units."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class RateView:
    """A unit of ``currency`` is worth ``rate`` (decimal text) of ``base`` from ``day`` on.

    ``used`` is false where ``base`` is not the tenant's currency; ``until`` is the last day before
    the next rate, ``None`` for the newest.
    """

    day: date
    currency: str
    base: str
    rate: str
    used: bool
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Aside:
    """Amounts of a currency on days for which it has no rate: they count as nothing.

    ``conversions`` and ``amount`` are conversions and their value, ``cost`` is spend, both in
    ``currency``; ``days`` is how many days between ``first`` and ``last`` are concerned.
    """

    currency: str
    first: date
    last: date
    days: int
    conversions: int
    amount: float
    cost: float
