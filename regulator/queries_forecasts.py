"""What others may read of forecasts: the newest, the earlier ones, and how those held."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec
from django.db.models import Count

from kernel.errors import NotFound
from regulator.contracts_forecasts import ForecastMade
from regulator.forecasts import countries
from regulator.forecasts.accuracy import Held, held
from regulator.forecasts.history import panel
from regulator.forecasts.known import Market, markets
from regulator.forecasts.panel import first_day, month_of
from regulator.models import Forecast, Operator

EARLIER = 104
"""Earlier forecasts that are read at once: two years of weekly ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A forecast as it was made; ``name`` is the operator's, empty for the market."""

    made_at: datetime
    name: str
    said: ForecastMade

    @property
    def growth(self) -> float | None:
        """The forecast total against the same number of months before, as a share."""
        before = self.said.before
        return self.said.total.point / before - 1 if before and before > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """The newest forecasts of a market: of all together, and of each operator, largest first."""

    market: Item
    operators: tuple[Item, ...]

    def share(self, item: Item) -> float | None:
        """An operator's part of the market's forecast."""
        whole = self.market.said.total.point
        return item.said.total.point / whole if whole > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """The months of a series that have come: (first day, GGR in smallest units), in order."""

    months: tuple[tuple[date, float], ...]
    source: str


def currencies() -> list[str]:
    """The currencies that markets were forecast in, the newest forecast first."""
    rows = (
        Forecast.objects.filter(operator="").order_by("-place").values_list("currency", flat=True)
    )
    return list(dict.fromkeys(rows[:EARLIER]))


def newest(*, currency: str = "") -> Run | None:
    """The newest run of a market; of the one forecast last where no currency is named."""
    rows = Forecast.objects.filter(operator="")
    rows = rows.filter(currency=currency) if currency else rows
    market = rows.order_by("-place").first()
    if market is None:
        return None
    names = _names()
    of_run = Forecast.objects.filter(run=market.run, currency=market.currency).exclude(operator="")
    found = sorted((_item(row, names) for row in of_run), key=lambda each: -each.said.total.point)
    return Run(market=_item(market, names), operators=tuple(found))


def holidays_of(currency: str) -> str:
    """Whose public holidays a market's forecasts know: as the last time, or by its currency."""
    row = Forecast.objects.filter(operator="", currency=currency).order_by("-place").first()
    return _said(row).country if row else countries.usual(currency)


def of(operator: str, *, currency: str = "") -> Item:
    """The newest forecast of an operator, or of the market (``""``). Raises ``NotFound``."""
    rows = Forecast.objects.filter(operator=operator)
    rows = rows.filter(currency=currency) if currency else rows
    row = rows.order_by("-place").first()
    if row is None:
        raise NotFound("There is no forecast of it.")
    return _item(row, _names())


def earlier(item: Item, past: Past) -> list[Held]:
    """What was said of this series before, one forecast for each origin, against what came."""
    came = {month_of(day): value for day, value in past.months}
    rows = Forecast.objects.filter(operator=item.said.operator, currency=item.said.currency)
    seen: dict[date, Held] = {}
    for row in rows.order_by("-place")[:EARLIER]:
        said = _said(row)
        found = held(
            said.origin, said.method,
            [(month_of(each.month), each.point, each.low, each.high) for each in said.months],
            came,
        )  # fmt: skip
        if found is not None:
            seen.setdefault(said.origin, found)
    return list(seen.values())


def past(item: Item, *, today: date) -> Past:
    """The months that are known of a forecast's series today."""
    market = next(
        (each for each in markets(today=today) if each.currency == item.said.currency), None
    )
    return _past(market, item.said.operator) if market else Past(months=(), source="")


def main_currency() -> str:
    """The currency that most operators play in; empty without any."""
    counted = Operator.objects.values_list("currency").annotate(count=Count("name"))
    name, _ = max(counted, key=lambda each: (each[1], each[0]), default=("", 0))
    return str(name)


def months_known(*, today: date) -> int:
    """How many whole months are known of the largest market."""
    tables = [panel(each.months) for each in markets(today=today)]
    return max((table.months for table in tables if table), default=0)


def _past(market: Market, operator: str) -> Past:
    table = panel(market.months)
    if table is None:
        return Past(months=(), source="")
    wanted: Sequence[str] = [operator] if operator else table.names
    sums: dict[int, float] = {}
    for name in wanted:
        months = market.months.get(name)
        for month, value in months.ggr.items() if months else ():
            if month < table.end:
                sums[month] = sums.get(month, 0.0) + value
    sources = {market.months[name].source for name in wanted if name in market.months}
    return Past(
        months=tuple((first_day(month), sums[month]) for month in sorted(sums)),
        source=sources.pop() if len(sources) == 1 else "both",
    )


def _names() -> dict[str, str]:
    return dict(Operator.objects.values_list("name", "title"))


def _item(row: Forecast, names: dict[str, str]) -> Item:
    name = names.get(row.operator, row.operator) if row.operator else ""
    return Item(made_at=row.made_at, name=name, said=_said(row))


def _said(row: Forecast) -> ForecastMade:
    return msgspec.convert(row.body, ForecastMade)
