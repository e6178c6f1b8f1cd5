"""Statistics of the hours until each hour, itself included: arrays [hours, operators], causal.

Of the hours that are known; NaN where fewer than half of a window are.
"""

from collections.abc import Callable

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from regulator.features.series import Floats


def _windows(values: Floats, hours: int) -> Floats:
    """[hours, operators, window]: NaN before the first hour."""
    before = np.full((hours - 1, values.shape[1]), np.nan)
    found: Floats = sliding_window_view(np.vstack([before, values]), hours, axis=0)
    return found


def _over(values: Floats, hours: int, of: Callable[[Floats, Floats], Floats]) -> Floats:
    """``of`` each operator's windows and how many of their hours are known."""
    found = np.empty(values.shape)
    for operator in range(values.shape[1]):
        windows = _windows(values[:, operator : operator + 1], hours)[:, 0]
        count = np.isfinite(windows).sum(axis=1).astype(np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            found[:, operator] = np.where(2 * count >= hours, of(windows, count), np.nan)
    return found


def mean(values: Floats, hours: int) -> Floats:
    """The mean of the known hours."""
    return _over(values, hours, lambda windows, count: np.nansum(windows, axis=1) / count)


def total(values: Floats, hours: int) -> Floats:
    """The sum of the known hours."""
    return _over(values, hours, lambda windows, _: np.nansum(windows, axis=1))


def deviation(values: Floats, hours: int) -> Floats:
    """The sample standard deviation (n - 1) of the known hours."""

    def of(windows: Floats, count: Floats) -> Floats:
        middle = np.nansum(windows, axis=1) / count
        squares = np.nansum((windows - middle[:, None]) ** 2, axis=1)
        found: Floats = np.sqrt(squares / (count - 1.0))
        return found

    return _over(values, hours, of)


def least(values: Floats, hours: int) -> Floats:
    """The minimum of the known hours."""
    return _over(values, hours, lambda windows, _: np.fmin.reduce(windows, axis=1))


def most(values: Floats, hours: int) -> Floats:
    """The maximum of the known hours."""
    return _over(values, hours, lambda windows, _: np.fmax.reduce(windows, axis=1))


def ago(values: Floats, hours: int) -> Floats:
    """What stood so many hours before; NaN before that."""
    found = np.full(values.shape, np.nan)
    found[hours:] = values[: len(values) - hours] if hours < len(values) else found[hours:]
    return found


def days_before(values: Floats, days: int) -> Floats:
    """The values at this hour of the ``days`` days before, [days, hours, operators]."""
    return np.stack([ago(values, 24 * day) for day in range(1, days + 1)])


def others(values: Floats) -> Floats:
    """The sum over the other operators that are known; NaN where there are none."""
    told = np.isfinite(values)
    rest = np.nansum(values, axis=1, keepdims=True) - np.where(told, values, 0.0)
    count = told.sum(axis=1, keepdims=True) - told
    return np.where(count > 0, rest, np.nan)
