"""The simulated market: repeatable, of the size asked for, and true to its parameters."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.advertiser import BASELINE, DAY, NORTHWIND, simulate
from simulation.truth import truth

START = date(2026, 8, 3)  # a Monday


@pytest.fixture(scope="module")
def market():
    return simulate(NORTHWIND, seed=5, start=START, days=90, touches=200_000)


def test_it_gives_the_same_bytes_for_the_same_seed():
    one, two, other = (
        simulate(NORTHWIND, seed=seed, start=START, days=20, touches=5_000) for seed in (1, 1, 2)
    )
    assert one.touches.at.tobytes() == two.touches.at.tobytes()
    assert one.conversions.value.tobytes() == two.conversions.value.tobytes()
    assert one.spend.cost.tobytes() == two.spend.cost.tobytes()
    assert one.touches.at.tobytes() != other.touches.at.tobytes()


def test_it_makes_about_as_many_touches_as_asked_for(market):
    assert len(market.touches.at) == pytest.approx(200_000, rel=0.03)


@given(st.integers(0, 40), st.integers(1, 3), st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_it_works_at_any_size(touches, days, seed):
    made = simulate(NORTHWIND, seed=seed, start=START, days=days, touches=touches)
    assert np.all((made.touches.at >= 0) & (made.touches.at < days * DAY))
    assert np.all((made.conversions.at >= 0) & (made.conversions.at <= days * DAY))
    assert made.spend.cost.shape == (days, len(made.campaign_channel))


def test_it_is_sorted_by_time(market):
    assert np.all(np.diff(market.touches.at) >= 0)
    assert np.all(np.diff(market.conversions.at) >= 0)


def test_it_has_busier_weekends_and_evenings(market):
    day = (market.touches.at // DAY).astype(int) % 7
    hour = (market.touches.at % DAY // 3600).astype(int)
    per_day, per_hour = np.bincount(day), np.bincount(hour)
    assert per_day[6] > per_day[1] * 1.15
    assert per_hour[20] > per_hour[4] * 5


def test_it_causes_no_purchase_before_its_touch(market):
    caused = market.conversions.cause != BASELINE
    touch = market.conversions.cause[caused]
    assert np.all(market.touches.at[touch] <= market.conversions.at[caused])
    assert np.all(market.touches.person[touch] == market.conversions.person[caused])
    assert not market.touches.navigational[touch].any()


def test_it_knows_the_truth_within_the_noise_of_a_hundred_thousand_touches(market):
    known = truth(market)
    caused = market.conversions.cause != BASELINE
    channel = market.touches.channel[market.conversions.cause[caused]]
    counted = np.bincount(channel, minlength=len(known.channels))
    z = (counted - known.conversions) / np.sqrt(known.conversions)
    assert np.abs(z).max() < 4
    anyway = int((~caused & ~market.conversions.signup).sum())
    assert abs(anyway - known.baseline) < 4 * np.sqrt(known.baseline)


def test_it_splits_the_truth_by_profile(market):
    known = truth(market)
    np.testing.assert_allclose(known.by_profile.sum(axis=0), known.conversions)
    lift = np.array([each.lift for each in NORTHWIND.profiles])
    search = known.by_profile[:, 0] / np.bincount(
        market.profile[market.touches.person[market.touches.channel == 0]], minlength=4
    )
    assert np.array_equal(np.argsort(search), np.argsort(lift[:, 0]))


def test_it_misleads_who_credits_the_last_touch(market):
    """Direct is the last touch far more often than the truth warrants."""
    known = truth(market)
    direct = [each.name for each in NORTHWIND.channels].index("Direct")
    back = market.touches.navigational & (market.touches.channel == direct)
    assert back.sum() > 5 * known.conversions[direct]
