"""An authority's figures as the projections hold them, written at once: weeks of hours."""

from datetime import timedelta

import numpy as np

from eventlog.subscriptions import catch_up
from regulator.models import Feed, Total
from regulator.watch import amounts, projection
from regulator.watch.market import HOUR
from tests.eventlog.events import settle
from tests.regulator.watch.markets import START, rates

WEEKS = 9
NOW = START + timedelta(weeks=WEEKS, minutes=10)
"""Ten minutes after the last hour that is over."""


def counts(*, weeks=WEEKS, seed=1, per_hour=120.0):
    """Records of each hour of a quiet operator."""
    size = weeks * 168
    return np.random.default_rng(seed).poisson(rates(size, per_hour=per_hour)).astype(int)


def feed(name, events, *, start=START, amount=500):
    """Write an operator's hours and days; its newest play is the end of the last hour with any."""
    rows = []
    for at, count in enumerate(events):
        if count:
            rows.append(_total(name, "hour", start + at * HOUR, int(count), amount))
    for at in range(0, len(events), 24):
        day = int(sum(events[at : at + 24]))
        if day:
            rows.append(_total(name, "day", start + at * HOUR, day, amount))
    Total.objects.filter(operator=name).delete()
    Total.objects.bulk_create(rows)
    last = start + (int(np.flatnonzero(events)[-1]) + 1) * HOUR
    Feed.objects.update_or_create(
        operator=name, defaults={"records": int(sum(events)), "played_at": last, "heard_at": last}
    )


def _total(name, span, start, count, amount):
    return Total(
        operator=name, span=span, start=start, game="", currency="EUR", events=count,
        stakes=count * amount, payouts=count * amount * 9 // 10, players=9,
    )  # fmt: skip


def project():
    """Bring the watch's projections up to the log's end."""
    settle()
    for name in (amounts.NAME, projection.NAME):
        catch_up(name)
