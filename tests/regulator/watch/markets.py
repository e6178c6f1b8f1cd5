"""Markets for the watch's tests: operators whose hours are Poisson around a day and a week."""

from datetime import UTC, datetime

import numpy as np

from regulator.watch.market import DAY, HOUR, Market

START = datetime(2026, 3, 2, tzinfo=UTC)
"""A Monday."""
NAMES = ("amber", "birch", "cedar", "delta", "elder")


def rates(size, *, start=START, per_hour=120.0):
    """Expected records of each hour: busy evenings and weekends."""
    hours = np.arange(size) + start.hour
    weekend = ((hours // 24 + start.weekday()) % 7) >= 5
    return per_hour * (1 + 0.6 * np.cos(2 * np.pi * (hours - 20) / 24)) * (1 + 0.3 * weekend)


def hours(weeks, *, seed=1, names=NAMES, per_hour=120.0):
    """A quiet market of so many weeks of hours."""
    rng = np.random.default_rng(seed)
    size = weeks * 168
    events = rng.poisson(rates(size, per_hour=per_hour)[:, None], (size, len(names))).astype(float)
    return of(events, step=HOUR, names=names)


def days(count, *, seed=1, names=NAMES, per_day=2_000.0):
    """A quiet market of so many days."""
    rng = np.random.default_rng(seed)
    events = rng.poisson(per_day, (count, len(names))).astype(float)
    return of(events, step=DAY, names=names)


def of(events, *, step, names=NAMES, start=START):
    """A market of these counts: a stake of 500 each, of which 470 are paid back."""
    return Market(
        operators=tuple(names), currencies=("EUR",) * len(names), start=start, step=step,
        events=events, stakes=events * 500, payouts=events * 470, refunds=events * 0,
    )  # fmt: skip
