"""Chances of scores, and the limit that clean hours exceed once a quarter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.learned.tails import QUARTER, against_past, alarms, chances, limit, tail


def scores(seed, hours=3_000, operators=4):
    return np.random.default_rng(seed).exponential(1.0, (hours, operators))


@given(seed=st.integers(0, 2**32 - 1))
def test_chances_of_clean_scores_are_even(seed):
    clean = tail(scores(seed))
    found = chances(scores(seed + 1), clean)

    for share in (0.5, 0.1, 0.02):
        assert (found < share).mean() == pytest.approx(share, rel=0.5, abs=3e-3)


@given(seed=st.integers(0, 2**32 - 1))
def test_a_higher_score_is_never_likelier(seed):
    told = np.sort(scores(seed).ravel()) * 3.0

    assert (np.diff(chances(told, tail(scores(seed)))) <= 0.0).all()


def test_what_is_not_known_has_no_chance():
    assert np.isnan(chances(np.array([np.nan]), tail(scores(1)))[0])


def test_chances_go_on_beyond_what_was_seen():
    clean = tail(scores(1))

    assert chances(np.array([30.0]), clean)[0] == pytest.approx(np.exp(-30.0), rel=50.0)


@pytest.mark.parametrize("seed", range(5))
def test_clean_hours_raise_about_one_alarm_a_quarter(seed):
    above = limit(scores(seed, hours=4_000))
    others = scores(seed + 50, hours=8_000)
    quarters = others.size / QUARTER

    assert alarms(others, above) <= 2.0 * quarters
    assert alarms(others, above - 2.0) > quarters


def test_scores_are_held_against_the_operators_own_past():
    told = scores(3)
    told[:, 1] = 10.0 + 5.0 * told[:, 0]

    found = against_past(told, slice(0, 1_000), least=500)

    assert found[:, 1] == pytest.approx(found[:, 0])
    assert np.median(found[:1_000, 0]) == pytest.approx(0.0)


def test_an_operator_without_a_past_is_not_judged():
    told = scores(3)
    told[:900, 1] = np.nan

    found = against_past(told, slice(0, 1_000), least=500)

    assert np.isnan(found[:, 1]).all()
    assert np.isfinite(found[:, 0]).all()
