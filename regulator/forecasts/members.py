"""The members that forecast one series by itself. They need the worker's libraries.

AutoETS (Hyndman and Khandakar 2008), AutoARIMA (idem) and AutoTheta (Fiorucci et al. 2016) are
statsforecast's; Prophet is Taylor and Letham's (2018). On months it has yearly seasonality alone: a
month's total has no week. Where a feed's days are known, it is fitted on them too, with the week,
the year and the country's public holidays, and its days are summed.
"""

import logging
import warnings
from collections.abc import Callable, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from regulator.detectors.anomaly import Floats
from regulator.forecasts.panel import YEAR, Daily, first_day

if TYPE_CHECKING:
    from collections.abc import Iterator

LEAST = 2 * YEAR
"""Months that ETS, ARIMA, Theta and Prophet are given at least; below, the naive one stands in."""
LEAST_DAYS = 730
DAYS = 1_461
"""Of a feed's days, the last four years: older weeks say little about the next."""
Member = Callable[[Floats, int, int], Floats]
"""From a series (one value a month), the number of its first month and a horizon to a forecast."""


def naive(series: Floats, first: int, horizon: int) -> Floats:
    """Each month as the same month a year ago; below a year, the mean of all months."""
    if series.size < YEAR:
        return np.full(horizon, float(series.mean()) if series.size else 0.0)
    return series[-YEAR:][np.arange(horizon) % YEAR]


def _fitted(model: str) -> Member:
    def forecast(series: Floats, first: int, horizon: int) -> Floats:
        from statsforecast import models

        found = getattr(models, model)(season_length=YEAR).fit(series).predict(horizon)
        told: Floats = np.asarray(found["mean"], dtype=float)
        return told

    return forecast


def prophet(series: Floats, first: int, horizon: int) -> Floats:
    """Prophet on months: trend with change points and a yearly pattern; its mean."""
    told = _prophet(series, first, horizon, uncertainty_samples=0)
    return np.asarray(told["yhat"], dtype=float)


def prophet_bands(
    series: Floats, first: int, horizon: int, level: float = 0.8
) -> tuple[Floats, Floats, Floats]:
    """Prophet's forecast with the interval it states itself: point, low, high."""
    state = np.random.get_state()
    np.random.seed(0)  # it draws its interval from the global generator
    try:
        with _quiet():
            told = _prophet(series, first, horizon, interval_width=level)
    finally:
        np.random.set_state(state)
    columns = ("yhat", "yhat_lower", "yhat_upper")
    point, low, high = (np.asarray(told[each], dtype=float) for each in columns)
    return point, low, high


def _prophet(series: Floats, first: int, horizon: int, **settings: Any) -> Any:
    import pandas as pd
    from prophet import Prophet

    days = pd.to_datetime([first_day(first + each) for each in range(series.size + horizon)])
    model = Prophet(
        yearly_seasonality=True, weekly_seasonality=False, daily_seasonality=False, **settings
    )
    model.fit(pd.DataFrame({"ds": days[: series.size], "y": series}), seed=0)
    return model.predict(pd.DataFrame({"ds": days[series.size :]}))


def by_day(days: Daily, end: int, horizon: int, country: str = "") -> Floats | None:
    """Prophet on days, summed to the ``horizon`` months from month ``end`` on.

    Fitted on at most ``DAYS`` days; ``None`` below two years of them, or where the fit fails.
    """
    last, values = first_day(end), days.ggr[-DAYS:]
    scale = float(np.abs(values).mean()) if values.size else 0.0
    if values.size < LEAST_DAYS or scale == 0:
        return None
    try:
        with _quiet():
            told = _by_day(values / scale, last, first_day(end + horizon), country) * scale
    except (ValueError, RuntimeError, ArithmeticError, KeyError):
        return None
    edges = [(first_day(end + each) - last).days for each in range(horizon)]
    found: Floats = np.add.reduceat(told, edges)
    return found if np.isfinite(found).all() else None


def _by_day(values: Floats, last: date, until: date, country: str) -> Floats:
    import pandas as pd
    from prophet import Prophet

    model = Prophet(
        yearly_seasonality=True, weekly_seasonality=True, daily_seasonality=False,
        uncertainty_samples=0,
    )  # fmt: skip
    if country:
        model.add_country_holidays(country_name=country)
    days = pd.date_range(last - timedelta(days=values.size), until, inclusive="left")
    model.fit(pd.DataFrame({"ds": days[: values.size], "y": values}), seed=0)
    return np.asarray(model.predict(pd.DataFrame({"ds": days[values.size :]}))["yhat"], dtype=float)


ALONE: Mapping[str, Member] = {
    "naive": naive,
    "ets": _fitted("AutoETS"),
    "arima": _fitted("AutoARIMA"),
    "theta": _fitted("AutoTheta"),
    "prophet": prophet,
}


def ahead(member: str, series: Floats, first: int, horizon: int) -> Floats:
    """A member's forecast; the naive one where the series is too short, constant or unfit for it.

    Fitted on the series in units of its mean absolute value, so that currencies don't matter.
    """
    plain = naive(series, first, horizon)
    scale = float(np.abs(series).mean()) if series.size else 0.0
    if member == "naive" or series.size < LEAST or scale == 0 or np.ptp(series) <= 1e-9 * scale:
        return plain
    try:
        with _quiet():
            told = ALONE[member](series / scale, first, horizon) * scale
    except (ValueError, RuntimeError, ArithmeticError, IndexError, np.linalg.LinAlgError):
        return plain
    wild = 10 * float(np.abs(series).max())
    return told if np.isfinite(told).all() and float(np.abs(told).max()) <= wild else plain


@contextmanager
def _quiet() -> "Iterator[None]":
    """Keep the libraries from telling of each fit."""
    talkers: list[Any] = [logging.getLogger(name) for name in ("cmdstanpy", "prophet")]
    levels = [each.level for each in talkers]
    for each in talkers:
        each.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            yield
    finally:
        for each, level in zip(talkers, levels, strict=True):
            each.setLevel(level)
