"""Monthly series of one market, side by side. Pure.

A month is a number, ``12 * year + month - 1``, so that differences of months are plain numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from regulator.detectors.anomaly import Floats, Ints

YEAR = 12


def month_of(day: date) -> int:
    """The number of the month that ``day`` lies in."""
    return YEAR * day.year + day.month - 1


def first_day(month: int) -> date:
    """The first day of the month with that number."""
    return date(month // YEAR, month % YEAR + 1, 1)


def last_day(month: int) -> date:
    """The last day of the month with that number."""
    return date.fromordinal(first_day(month + 1).toordinal() - 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Daily:
    """GGR by day from ``first`` on; zero on a day without play."""

    first: date
    ggr: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """GGR and handle by month (rows, from month ``first`` on) and series (columns).

    NaN where nothing is known. Handle is what was staked and not refunded; it may be all NaN.
    Amounts are in any unit, the same within a series. ``daily`` are the days of series of which
    they are known; ``country`` (ISO 3166, or empty) is whose public holidays they know.
    """

    first: int
    names: tuple[str, ...]
    ggr: Floats
    handle: Floats
    daily: Mapping[str, Daily] = field(default_factory=dict)
    country: str = ""

    @property
    def months(self) -> int:
        """How many months (rows) there are."""
        return int(self.ggr.shape[0])

    @property
    def end(self) -> int:
        """The number of the month after the last one."""
        return self.first + self.months

    def until(self, months: int) -> "Panel":
        """The first ``months`` rows: what was known at that origin."""
        return replace(self, ggr=self.ggr[:months], handle=self.handle[:months])

    def days(self, name: str) -> Daily | None:
        """A series' days up to the panel's last month; ``None`` where they are not known."""
        found = self.daily.get(name)
        if found is None:
            return None
        count = first_day(self.end).toordinal() - found.first.toordinal()
        return replace(found, ggr=found.ggr[: max(count, 0)])

    def calendar(self, horizon: int = 0) -> Ints:
        """The month of the year, 0 to 11, of each row, or of ``horizon`` months after them."""
        if horizon:
            return np.arange(self.end, self.end + horizon) % YEAR
        return np.arange(self.first, self.end) % YEAR


def known(series: Floats) -> Floats:
    """A series from its first to its last known month, the gaps within filled in a straight line.

    Empty where nothing is known.
    """
    places = np.flatnonzero(np.isfinite(series))
    if not places.size:
        return np.zeros(0)
    span = np.arange(places[0], places[-1] + 1)
    return np.interp(span, places, series[places])


def bridged(table: Floats) -> Floats:
    """``table`` with the gaps within each column filled in a straight line; its ends stay NaN."""
    whole = table.copy()
    for column in whole.T:
        places = np.flatnonzero(np.isfinite(column))
        if places.size > 1:
            span = slice(places[0], places[-1] + 1)
            column[span] = np.interp(np.arange(places[0], places[-1] + 1), places, column[places])
    return whole
