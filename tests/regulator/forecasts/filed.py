"""Official returns of some years, as two operators filed them, and what is forecast of them."""

import math

from eventlog.subscriptions import catch_up
from kernel import clock
from regulator.contracts import ReturnFiled
from regulator.forecasts import commands, projection
from regulator.forecasts.panel import first_day, last_day, month_of
from regulator.returns import commands as returns
from tests.eventlog.events import settle
from tests.regulator.forecasts.markets import QUICK
from tests.regulator.told import project

NOW = clock.now()
TODAY = NOW.date()
LAST = month_of(TODAY) - 1


def monthly(operator, month, size=1.0):
    """A month's return, in cents: stakes with a season, of which a tenth is kept."""
    stakes = 100_000_00 * size * (1 + 0.2 * math.cos(month / 6 * math.pi))
    kept = round(stakes * (0.1 + 0.01 * math.sin(7.3 * month + size)))
    return ReturnFiled(
        operator=operator, start=first_day(month), end=last_day(month), vintage=TODAY,
        currency="EUR", stakes=round(stakes), payouts=round(stakes) - kept, refunds=0, ggr=kept,
    )  # fmt: skip


def file(*, months=48, now=NOW, **sizes):
    """File ``months`` months of each operator, and read them."""
    filed = [
        monthly(name, month, size)
        for name, size in sizes.items()
        for month in range(LAST - months + 1, LAST + 1)
    ]
    returns.file(filed, now=now)
    project()


def make(now=NOW, countries=None):
    """Make the forecasts with what needs no library, and read them."""
    found = commands.make(now=now, actor="a" * 32, without=QUICK, countries=countries)
    settle()
    catch_up(projection.NAME)
    return found
