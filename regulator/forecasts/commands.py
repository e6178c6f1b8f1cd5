"""Making the active tenant's forecasts: events, one for each series. For the worker."""

from datetime import datetime

from eventlog.append import append
from eventlog.said import said
from kernel import ids
from regulator.contracts_forecasts import ForecastMade
from regulator.forecasts.ahead import LEAST, Told, TooFewMonths, together, with_market
from regulator.forecasts.history import panel
from regulator.forecasts.known import Market, markets
from regulator.forecasts.made import Making, made

SOURCE = "worker"
COUNTRY = {
    "AUD": "AU", "BRL": "BR", "CAD": "CA", "CHF": "CH", "CZK": "CZ", "DKK": "DK", "GBP": "GB",
    "HUF": "HU", "ISK": "IS", "JPY": "JP", "MXN": "MX", "NOK": "NO", "NZD": "NZ", "PLN": "PL",
    "RON": "RO", "SEK": "SE", "USD": "US", "ZAR": "ZA",
}  # fmt: skip
"""Whose public holidays a market knows, by its currency; the euro is of many, so it says none."""


def make(
    *,
    now: datetime,
    actor: str = "",
    told: Told = lambda *_: None,
    without: frozenset[str] = frozenset(),
) -> list[ForecastMade]:
    """Forecast every market a year ahead and say so. Raises ``TooFewMonths`` where none can be."""
    run, found = str(ids.uuid7(now)), []
    for market in markets(today=now.date()):
        found += _of(market, _making(run, market.currency, actor), told, without)
    if not found:
        raise TooFewMonths(f"A forecast needs {LEAST} whole months of the market.")
    append(
        [said("gaming.forecast_made", each, source=SOURCE, now=now) for each in found],
        recorded_at=now,
    )
    return found


def _making(run: str, currency: str, actor: str) -> Making:
    return Making(run=run, currency=currency, country=COUNTRY.get(currency, ""), actor=actor)


def _of(market: Market, making: Making, told: Told, without: frozenset[str]) -> list[ForecastMade]:
    known = panel(market.months, making.country)
    if known is None:
        return []
    ahead = together(known, told=told, without=without)
    if not ahead:
        return []
    return made(ahead, with_market(known), market.months, market.rates, making)
