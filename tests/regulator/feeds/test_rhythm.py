"""What is usual between two deliveries."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from regulator.feeds import rhythm


def learned(*seconds):
    usual = None
    for each in seconds:
        usual = rhythm.after(usual, timedelta(seconds=each))
    return usual


def test_batches_within_a_minute_are_one_delivery():
    assert learned(1, 2, 0.5) is None
    assert learned(3_600, 1, 1, 3_600, 2) == 3_600


@given(st.lists(st.floats(60, 1e6), min_size=1, max_size=50))
def test_it_lies_between_the_shortest_and_the_longest(seconds):
    assert min(seconds) - 1e-6 <= learned(*seconds) <= max(seconds) + 1e-6


def test_an_outage_does_not_become_the_habit():
    assert learned(*[300] * 20) == 300
    assert learned(*[300] * 20, 86_400) <= 1.6 * 300


def test_two_of_it_are_seldom_exceeded_by_a_feed_that_delivers_when_there_is_something():
    rng = np.random.default_rng(5)
    distances = rng.exponential(300, 5_000)
    usual, exceeded = None, 0
    for each in distances:
        exceeded += usual is not None and each > 2 * usual
        usual = rhythm.after(usual, timedelta(seconds=each))
    assert exceeded < 0.01 * distances.size
