"""What is told of currencies and of what channels cost, compared. Amounts in whole units."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


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


class Metric(StrEnum):
    """What of a channel is compared."""

    CONVERSIONS = "conversions"
    VALUE = "value"
    ROAS = "roas"
    CPA = "cpa"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A row's ``amount`` of the metric, and how far it is from the baseline's, ``point``.

    All true differences of a report lie within their bounds at once with 95 % confidence.
    """

    key: int
    label: str
    amount: float
    point: float
    low: float
    high: float

    @property
    def decided(self) -> bool:
        """Whether chance alone can't explain that the two differ."""
        return self.low > 0 or self.high < 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """Rows against a ``baseline``, largest difference first; the baseline itself is not in them.

    ``rows`` are ``None`` while the samples are not there: for very many journeys the worker is
    computing them, and more than 60 rows are not compared with one another.
    """

    baseline: str
    metric: Metric
    amount: float | None
    rows: tuple[Difference, ...] | None
