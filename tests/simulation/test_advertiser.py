"""The simulated market: repeatable, of the size asked for, and true to its parameters."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulation.advertiser import BASELINE, DAY, NORTHWIND, purchases, simulate
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


def test_it_knows_the_truth_of_each_profile_as_simulating_the_purchases_again_does(market):
    """The same touches, forty lives: means within their own noise, for each profile and channel."""
    lives = 40
    known = truth(market)
    caused, anyway = np.zeros(known.by_profile.shape), 0
    causal = ~market.touches.navigational
    touches = type(market.touches)(
        **{
            name: getattr(market.touches, name)[causal]
            for name in market.touches.__dataclass_fields__
        }
    )
    for seed in range(lives):
        rng = np.random.default_rng(seed)
        bought = purchases(NORTHWIND, rng, market.profile, market.devices, touches, market.days)
        mine = bought.cause != BASELINE
        cell = market.profile[bought.person[mine]], touches.channel[bought.cause[mine]]
        np.add.at(caused, cell, 1)
        anyway += int((~mine).sum())
    z = (caused - lives * known.by_profile) / np.sqrt(lives * known.by_profile)
    assert np.abs(z).max() < 4
    assert abs(anyway - lives * known.baseline) < 4 * np.sqrt(lives * known.baseline)


def test_it_reaches_profiles_by_channels_hours_and_days_of_their_own(market):
    profile = market.profile[market.touches.person]
    hour = (market.touches.at % DAY // 3600).astype(int)
    evening = [float((hour[profile == number] >= 18).mean()) for number in range(4)]
    assert np.argmax(evening) == 0
    voucher = [float((market.touches.channel[profile == n] == 5).mean()) for n in range(4)]
    assert np.argmax(voucher) == 1
    weekend = [float((market.touches.at[profile == n] // DAY % 7 >= 5).mean()) for n in range(4)]
    assert np.argmax(weekend) == 1


def test_it_brings_back_people_with_intent_within_days_and_others_all_the_time(market):
    causal = ~market.touches.navigational
    person, at = market.touches.person[causal], market.touches.at[causal]
    first, last = np.full(len(market.profile), np.inf), np.zeros(len(market.profile))
    np.minimum.at(first, person, at)
    np.maximum.at(last, person, at)
    often = np.bincount(person, minlength=len(market.profile)) >= 3
    spans = [
        float(np.median((last - first)[often & (market.profile == n)])) / DAY for n in range(4)
    ]
    assert spans[3] < min(spans[:3]) / 2


def test_it_misleads_who_credits_the_last_touch(market):
    """Direct is the last touch far more often than the truth warrants."""
    known = truth(market)
    direct = [each.name for each in NORTHWIND.channels].index("Direct")
    back = market.touches.navigational & (market.touches.channel == direct)
    assert back.sum() > 5 * known.conversions[direct]
