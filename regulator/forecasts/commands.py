"""Making the active tenant's forecasts: events, one for each series. For the worker."""

from collections.abc import Mapping
from datetime import datetime

from eventlog.append import append
from eventlog.said import said
from kernel import ids
from regulator.contracts_forecasts import ForecastMade
from regulator.forecasts.ahead import LEAST, Told, TooFewMonths, together, with_market
from regulator.forecasts.history import panel
from regulator.forecasts.known import Market, markets
from regulator.forecasts.made import Making, made
from regulator.queries_forecasts import holidays_of

SOURCE = "worker"


def make(
    *,
    now: datetime,
    actor: str = "",
    countries: Mapping[str, str] | None = None,
    told: Told = lambda *_: None,
    without: frozenset[str] = frozenset(),
) -> list[ForecastMade]:
    """Forecast every market a year ahead and say so. Raises ``TooFewMonths`` where none can be.

    ``countries``: by currency, whose public holidays are known; else those of the last time.
    """
    run, found = str(ids.uuid7(now)), []
    for market in markets(today=now.date()):
        country = (countries or {}).get(market.currency)
        if country is None:
            country = holidays_of(market.currency)
        making = Making(run=run, currency=market.currency, country=country, actor=actor)
        found += _of(market, making, told, without)
    if not found:
        raise TooFewMonths(f"A forecast needs {LEAST} whole months of the market.")
    append(
        [said("gaming.forecast_made", each, source=SOURCE, now=now) for each in found],
        recorded_at=now,
    )
    return found


def _of(market: Market, making: Making, told: Told, without: frozenset[str]) -> list[ForecastMade]:
    known = panel(market.months, making.country)
    if known is None:
        return []
    ahead = together(known, told=told, without=without)
    if not ahead:
        return []
    return made(ahead, with_market(known), market.months, market.rates, making)
