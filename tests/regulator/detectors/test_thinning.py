"""Bets that never arrive: thinned days, cut-off high stakes, numbers closed up behind a hole."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import Kind, thinning

DAYS, START = 60, 30


def market(seed, cut=0.0):
    """Ten operators' days with a week's pattern, a market's mood and more noise than Poisson's."""
    rng = np.random.default_rng(seed)
    week = 1 + 0.3 * np.sin(2 * np.pi * (np.arange(DAYS) % 7) / 7)
    rate = rng.lognormal(6.5, 0.8, 10) * (week * np.exp(rng.normal(0, 0.08, DAYS)))[:, None]
    counts = rng.poisson(rng.gamma(300, rate / 300))
    counts[START:, 0] = rng.binomial(counts[START:, 0], 1 - cut)
    return counts.astype(np.float64)


@pytest.mark.parametrize("cut", [0.2, 0.3])
def test_thinned_days_are_found_and_measured(cut):
    found = [thinning.thinning(market(seed, cut), 0) for seed in range(20)]
    told = [each for each in found if each is not None]
    assert len(told) >= 18
    assert np.median([each.evidence["missing"] for each in told]) == pytest.approx(cut, abs=0.03)
    assert abs(np.median([each.started for each in told]) - START) <= 3


def test_honest_operators_are_accused_as_seldom_as_agreed():
    raised = sum(
        thinning.thinning(market(seed), each) is not None
        for seed in range(10)
        for each in range(10)
    )
    assert raised <= 2 * 0.1 * 100 * (DAYS - 21) / 365


def test_a_quiet_market_and_a_short_past_accuse_nobody():
    counts = market(1)
    counts[40:] = np.floor(counts[40:] * 0.5)
    assert [thinning.thinning(counts, each) for each in range(10)] == [None] * 10
    assert thinning.thinned(counts[:20], 0) is None
    assert thinning.thinned(np.zeros((60, 3)), 0) is None


def test_a_day_of_matches_thins_nobody_who_takes_no_bets_on_them():
    """Half the operators take bets on matches, and from some day on there are few of those."""
    rng = np.random.default_rng(5)
    casino = rng.poisson(3_000, (DAYS, 10)).astype(np.float64)
    matches = rng.poisson(3_000, (DAYS, 10)).astype(np.float64)
    matches[:, :5] = 0.0
    matches[35:] = np.floor(matches[35:] * 0.6)
    games = [casino, matches]
    counts = casino + matches
    assert [thinning.thinning(counts, each, games=games) for each in range(10)] == [None] * 10
    assert thinning.thinning(counts, 9) is not None


def test_an_operator_that_grows_apart_is_not_accused_but_one_that_steps_down_is():
    rng = np.random.default_rng(6)
    counts = rng.poisson(5_000, (DAYS, 6)).astype(np.float64)
    slower, fewer = counts.copy(), counts.copy()
    slower[:, 0] *= 0.98 ** (np.arange(DAYS) / 30)
    fewer[35:, 0] *= 0.9
    assert thinning.thinning(slower, 0) is None
    told = thinning.thinning(fewer, 0)
    assert told.started == pytest.approx(35, abs=1)
    assert told.evidence["missing"] == pytest.approx(0.1, abs=0.02)


def test_scores_know_nothing_of_later_days():
    counts = market(3)
    later = counts.copy()
    later[45:] *= 0.3
    before, after = thinning.thinned(counts, 0), thinning.thinned(later, 0)
    assert np.allclose(before.score[:45], after.score[:45])


@given(st.floats(0.05, 5), st.floats(0.05, 5))
def test_fewer_false_alarms_take_a_higher_limit_and_a_longer_wait(few, many):
    few, many = sorted((few, many))
    assert thinning.limit(per_year=few) >= thinning.limit(per_year=many)
    waits = [thinning.delay(0.2, deviation=0.05, per_year=each) for each in (few, many)]
    assert waits[0] >= waits[1]
    assert math.isinf(thinning.delay(0.01, deviation=0.05))
    assert thinning.delay(0.1, deviation=0.03) <= thinning.delay(0.1, deviation=0.05)


def test_high_stakes_that_stop_coming_are_found_from_that_day_on():
    rng = np.random.default_rng(4)
    stakes = rng.poisson(4_000, DAYS).astype(np.float64)
    high = rng.binomial(stakes.astype(int), 0.01).astype(np.float64)
    assert thinning.high_days(high, stakes) is None
    high[40:] = np.floor(high[40:] * 0.2)
    told = thinning.high_days(high, stakes)
    assert told.kind == Kind.MISSING_HIGH_STAKES
    assert told.started == pytest.approx(40, abs=1)
    assert thinning.high_days(high[:21], stakes[:21]) is None


@given(st.integers(5, 200), st.data())
def test_numbers_closed_up_behind_a_hole_say_how_many_are_gone(count, data):
    events = [f"event {place}" for place in range(count)]
    received = {event: 100 + place for place, event in enumerate(events)}
    gone = data.draw(st.sets(st.integers(0, count - 2), min_size=1, max_size=3))
    kept = [event for place, event in enumerate(events) if place not in gone]
    sent = {event: 100 + place for place, event in enumerate(kept)}
    told = thinning.renumbered(received, sent)
    assert told.evidence["taken_out"] == told.evidence["not_sent_again"] == len(gone)
    assert told.started == 100 + min(set(range(count)) - gone - set(range(min(gone))))
    assert thinning.renumbered(received, received) is None
