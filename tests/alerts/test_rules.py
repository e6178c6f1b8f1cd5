"""Conditions on counts: limits, absence, and changes that chance does not make."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from alerts.rules import CHANCE, Check, Counts, judge, span


@pytest.mark.parametrize(
    ("check", "now", "holds"),
    [
        (Check.ABOVE, 11, True),
        (Check.ABOVE, 10, False),
        (Check.BELOW, 9, True),
        (Check.BELOW, 10, False),
        (Check.ABSENCE, 0, True),
        (Check.ABSENCE, 1, False),
    ],
)
def test_it_holds_at_its_limit_and_says_the_count(check, now, holds):
    found = judge(check, Counts(now=now, ever=100), amount=10, minutes=60)
    assert found.holds is holds
    assert str(now) in found.text or "None came" in found.text


def test_what_never_came_is_not_absent():
    assert not judge(Check.ABSENCE, Counts(now=0, ever=0), amount=0, minutes=5).holds


def test_a_change_without_a_past_is_none():
    assert not judge(Check.CHANGE, Counts(now=500), amount=10, minutes=5).holds
    assert not judge(Check.CHANGE, Counts(now=500, before=(0, 0)), amount=10, minutes=5).holds


def test_a_large_change_of_few_events_is_chance():
    few = judge(Check.CHANGE, Counts(now=4, before=(2, 2)), amount=50, minutes=5)
    many = judge(Check.CHANGE, Counts(now=400, before=(200, 200)), amount=50, minutes=5)
    assert (few.holds, many.holds) == (False, True)
    assert "+100 %" in many.text


def test_a_certain_change_below_the_limit_is_left_alone():
    assert not judge(Check.CHANGE, Counts(now=10_900, before=(10_000,)), amount=10, minutes=5).holds


@given(st.integers(0, 60), st.integers(1, 60))
def test_its_p_is_that_of_the_exact_binomial_test(now, before):
    found = judge(Check.CHANGE, Counts(now=now, before=(before,)), amount=0, minutes=5)
    total = now + before
    less = stats.binomtest(now, total, 0.5, alternative="less").pvalue
    more = stats.binomtest(now, total, 0.5, alternative="greater").pvalue
    assert found.p == pytest.approx(min(1.0, 2 * min(less, more)))


def test_equal_streams_are_hardly_ever_told():
    rng = np.random.default_rng(7)
    told = sum(
        judge(
            Check.CHANGE,
            Counts(now=int(now), before=(int(a), int(b))),
            amount=1,
            minutes=5,
        ).holds
        for now, a, b in rng.poisson(80, (4_000, 3))
    )
    assert told <= stats.binom.isf(1e-6, 4_000, CHANCE)


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(1, "1 minute"), (45, "45 minutes"), (60, "1 hour"), (120, "2 hours"), (1_440, "1 day")],
)
def test_a_window_is_said_in_words(minutes, words):
    assert span(minutes) == words
