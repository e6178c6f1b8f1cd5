"""Plans, months, buckets, forecasts: pure decisions."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenants.quotas import forecast
from tenants.quotas.bucket import Bucket
from tenants.quotas.plans import PLANS, UnknownPlan, month_ends, month_of, plan_of, reached

FREE = PLANS["free"]


def test_it_knows_its_plans():
    assert plan_of("team").events == 5_000_000
    with pytest.raises(UnknownPlan, match="free, team"):
        plan_of("golden")


@pytest.mark.parametrize(
    ("moment", "ends"),
    [
        ("2026-11-25T12:00+00:00", "2026-12-01T00:00+00:00"),
        ("2026-12-31T23:59+00:00", "2027-01-01T00:00+00:00"),
        ("2026-12-01T00:30+02:00", "2026-12-01T00:00+00:00"),  # November still, in UTC
    ],
)
def test_a_month_ends_in_utc(moment, ends):
    now = datetime.fromisoformat(moment)
    assert month_ends(now) == datetime.fromisoformat(ends)
    assert month_of(now) == f"{month_ends(now) - timedelta(seconds=1):%Y-%m}"


@pytest.mark.parametrize(("used", "share"), [(79_999, None), (80_000, 0.8), (100_000, 1.0)])
def test_shares_are_reached(used, share):
    assert reached(used=used, plan=FREE) == share


def test_a_bucket_gives_its_burst_and_then_its_rate():
    bucket = Bucket(tokens=5, at=0)
    assert [bucket.take(0, rate=2, burst=5) for _ in range(6)] == [0, 0, 0, 0, 0, 0.5]
    assert bucket.take(0.4, rate=2, burst=5) == pytest.approx(0.1)
    assert bucket.take(0.5, rate=2, burst=5) == 0


def test_what_others_took_is_owed_but_not_without_end():
    bucket = Bucket(tokens=5, at=0)
    bucket.taken_elsewhere(1_000, 0, rate=2, burst=5)
    assert bucket.take(0, rate=2, burst=5) == 3.0
    assert bucket.take(3, rate=2, burst=5) == 0


@given(st.lists(st.floats(0, 1), max_size=200), st.floats(1, 50), st.integers(1, 50))
def test_a_bucket_never_lets_more_in_than_rate_and_burst(gaps, rate, burst):
    bucket, moment, let_in = Bucket(tokens=burst, at=0), 0.0, 0
    for gap in gaps:
        moment += gap
        let_in += bucket.take(moment, rate=rate, burst=burst) == 0
    assert let_in <= burst + rate * moment + 1e-6


TODAY = date(2026, 11, 20)


def test_a_month_ends_at_the_pace_of_the_last_week():
    amounts = {TODAY - timedelta(days=back): 100 for back in range(40)}
    assert forecast.month_end(amounts, today=TODAY, days_in_month=30) == 3_000


def test_a_new_tenant_is_forecast_by_its_own_days():
    amounts = {TODAY - timedelta(days=1): 100, TODAY: 10}
    assert forecast.month_end(amounts, today=TODAY, days_in_month=30) == 100 * 12


def test_there_is_no_forecast_without_a_full_day():
    assert forecast.month_end({TODAY: 10}, today=TODAY, days_in_month=30) is None
    assert forecast.month_end({}, today=TODAY, days_in_month=30) is None


@given(st.dictionaries(st.integers(0, 60), st.integers(0, 10**9)))
def test_a_forecast_is_never_below_what_is_there(amounts):
    days = {TODAY - timedelta(days=back): amount for back, amount in amounts.items()}
    found = forecast.month_end(days, today=TODAY, days_in_month=30)
    month = sum(amount for day, amount in days.items() if day.month == TODAY.month)
    assert found is None or found >= month


def test_every_plan_has_more_than_the_one_before():
    plans = list(PLANS.values())
    for less, more in pairwise(plans):
        assert (less.events, less.rate, less.burst, less.days, less.seats) < (
            more.events, more.rate, more.burst, more.days, more.seats,
        )  # fmt: skip
    assert datetime(2026, 1, 1, tzinfo=UTC) < month_ends(datetime(2026, 1, 1, tzinfo=UTC))
