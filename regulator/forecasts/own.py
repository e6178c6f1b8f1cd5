"""A forecast of a series that a caller sends, as one series alone. For the worker."""

from datetime import date
from typing import Any

import numpy as np

from regulator.forecasts.ahead import LEAST, TooFewMonths, alone
from regulator.forecasts.candidates import NAMES
from regulator.forecasts.panel import Panel, first_day, month_of


def series(rows: list[dict[str, Any]]) -> Panel:
    """The panel of one series of {month, ggr, handle}; months that are missing are bridged.

    Raises ``TooFewMonths`` below ``LEAST`` months.
    """
    months = {month_of(date.fromisoformat(str(each["month"]))): each for each in rows}
    if len(months) < LEAST:
        raise TooFewMonths(f"A forecast needs {LEAST} months; these are {len(months)}.")
    first, last = min(months), max(months)
    ggr, handle = np.full((2, last - first + 1, 1), np.nan)
    for month, each in months.items():
        ggr[month - first, 0] = each["ggr"]
        if each.get("handle") is not None:
            handle[month - first, 0] = each["handle"]
    return Panel(first=first, names=("series",), ggr=ggr, handle=handle)


def forecast(asked: dict[str, Any], without: frozenset[str] = frozenset()) -> dict[str, Any]:
    """The answer to ``asked``, which has ``series`` and ``horizon``; amounts as they were sent."""
    (found,) = alone(series(asked["series"]), asked["horizon"], without=without)
    return {
        "method": found.method,
        "method_name": NAMES[found.method],
        "errors": {name: round(error, 4) for name, error in found.errors.items()},
        "coverage": found.coverage,
        "level": 0.8,
        "months": [
            {
                "month": first_day(found.first + place).isoformat(),
                "point": round(float(found.point[place]), 2),
                "low": round(float(found.low[place]), 2),
                "high": round(float(found.high[place]), 2),
                "tax": None,
            }
            for place in range(asked["horizon"])
        ],
        "total": {
            "point": round(found.total, 2),
            "low": round(found.total - found.half_total, 2),
            "high": round(found.total + found.half_total, 2),
        },
        "tax": None,
    }
