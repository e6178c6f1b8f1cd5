"""Months out of returns and days."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from regulator.forecasts.history import FEED, RETURNS, Months, months, of_days, of_returns, panel
from regulator.forecasts.panel import month_of
from regulator.returns.checks import Fed
from regulator.returns.history import Filed

TODAY = date(2026, 4, 10)
MARCH = month_of(date(2026, 3, 1))


def filed(start, end, ggr, stakes=1_000):
    return Filed(
        operator="lucky", start=start, end=end, vintage=end, place=1, currency="EUR",
        known_at=datetime(2026, 4, 1, tzinfo=UTC), stakes=stakes, payouts=stakes - ggr, refunds=0,
        ggr=ggr,
    )  # fmt: skip


def test_weeks_add_up_to_the_months_they_cover():
    monday = date(2026, 1, 26)
    weeks = [
        filed(monday + timedelta(weeks=each), monday + timedelta(weeks=each, days=6), 70)
        for each in range(10)
    ]

    found = of_returns(weeks, today=TODAY)

    assert dict(found.ggr) == {MARCH - 1: pytest.approx(280), MARCH: pytest.approx(310)}
    assert found.handle[MARCH] == pytest.approx(31 * 1_000 / 7)
    assert found.period_days == 7


def test_a_month_that_is_not_over_or_not_whole_does_not_count():
    found = of_returns(
        [
            filed(date(2026, 4, 1), date(2026, 4, 30), 9),
            filed(date(2026, 2, 2), date(2026, 2, 28), 9),
        ],
        today=TODAY,
    )

    assert found.ggr == {}


def test_a_feeds_months_lie_between_its_first_and_its_last_day():
    days = {
        date(2026, 1, 15) + timedelta(days=each): Fed(stakes=100, payouts=85, refunds=5)
        for each in range(70)
    }

    found = of_days(days, today=TODAY)

    assert (dict(found.ggr), dict(found.handle)) == (
        {MARCH - 1: 28 * 10}, {MARCH - 1: 28 * 95},
    )  # fmt: skip


def test_the_longer_source_counts_and_returns_where_both_are_as_long():
    days = {
        date(2026, 2, 1) + timedelta(days=each): Fed(stakes=2, payouts=1, refunds=0)
        for each in range(59)
    }
    two = [filed(date(2026, month, 1), date(2026, month, 28 if month == 2 else 31), 9)
           for month in (2, 3)]  # fmt: skip

    assert months(two, days, today=TODAY).source == RETURNS
    assert months(two[:1], days, today=TODAY).source == FEED
    assert months([], {}, today=TODAY).ggr == {}


def test_a_panel_ends_where_all_who_still_play_have_told():
    def told(first, last):
        known = {month: float(month) for month in range(first, last + 1)}
        return Months(source=FEED, ggr=known, handle=known)

    found = panel({"a": told(0, 30), "late": told(5, 29), "gone": told(0, 20), "none": told(1, 0)})

    assert (found.names, found.first, found.months) == (("a", "late", "gone"), 0, 30)
    assert np.isnan(found.ggr[:5, 1]).all()
    assert np.isnan(found.ggr[21:, 2]).all()
    assert panel({}) is None
