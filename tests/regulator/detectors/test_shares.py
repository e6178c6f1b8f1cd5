"""A share that changes for good is found; one odd day and an ordinary share are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.detectors import shares

DAYS, LEARNED, TOTAL = 60, 21, 2_000


def days(seed, share=0.05):
    rng = np.random.default_rng(seed)
    total = np.full(DAYS, float(TOTAL))
    return rng.binomial(TOTAL, share, DAYS).astype(np.float64), total


def changed(kind, total, wanted):
    return shares.changed(kind, total, wanted, learned=LEARNED, per_year=0.1)


@pytest.mark.parametrize(("now", "wanted"), [(0.10, 0.08), (0.02, 0.03)])
def test_a_change_either_way_is_found_from_its_day_on(now, wanted):
    kind, total = days(1)
    kind[40:] = days(2, now)[0][40:]
    told = changed(kind, total, wanted)
    assert told.started == pytest.approx(40, abs=1)
    assert told.alarm >= 42
    assert told.share == pytest.approx(now, abs=0.01)


def test_one_odd_day_says_nothing():
    kind, total = days(3)
    kind[40] = TOTAL / 2
    assert changed(kind, total, 0.08) is None


def test_honest_shares_are_left_be():
    assert all(
        changed(*days(seed), wanted) is None for seed in range(60) for wanted in (0.03, 0.08)
    )


@given(st.lists(st.floats(-5, 5), min_size=5, max_size=40), st.floats(1, 10))
def test_a_sum_never_falls_below_nothing_nor_rises_more_than_a_third_of_the_limit(steps, bound):
    score, since = shares.cumulated(np.array(steps), 3, bound)
    assert (score >= 0).all()
    assert (np.diff(score) <= bound / 3 + 1e-9).all()
    assert (since <= np.arange(since.size)).all()
