"""Who earns a place beside the trees, and what each weighs."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from ml.ensemble.cascade import MOST_LOST, cascade
from ml.ensemble.meta import standings, weigh
from ml.ensemble.weights import LAST_EVENTS, RING, START, TREES, UNUSUAL


def drawn(n=2_000, seed=1):
    """Truth, and three views of it: good, another good one, and none."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < 0.1).astype(float)
    views = [strength * (2 * truth - 1) + rng.normal(size=n) - 2 for strength in (1.0, 1.0, 0.0)]
    return truth, views


def test_one_member_alone_is_as_it_is():
    truth, (trees, *_) = drawn()

    assert weigh({TREES: trees}, truth)({TREES: trees}).tolist() == trees.tolist()


def test_it_begins_from_half_three_tenths_and_a_fifth():
    few = np.array([1.0, 0.0])
    nothing = {name: np.zeros(2) for name in (TREES, LAST_EVENTS, UNUSUAL)}

    found = weigh(nothing, few)

    assert found.of == pytest.approx({TREES: 0.5, LAST_EVENTS: 0.3, UNUSUAL: 0.2}, abs=1e-6)
    assert sum(START.values()) == 1.0


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_no_member_counts_against_what_it_says(seed):
    truth, (trees, other, none) = drawn(300, seed)

    found = weigh({TREES: trees, LAST_EVENTS: other, UNUSUAL: -none}, truth)

    assert min(found.of.values()) >= 0.0


def test_who_adds_something_is_kept_and_who_adds_nothing_is_not():
    truth, (trees, other, none) = drawn()

    found = standings(
        {TREES: trees, UNUSUAL: none, LAST_EVENTS: other}, truth, seed=1,
        candidates=[UNUSUAL, LAST_EVENTS],
    )  # fmt: skip

    assert [each.kept for each in found] == [False, True]
    assert found[1].found.interval[0] > 0.0


def test_noise_is_hardly_ever_kept():
    kept = 0
    for seed in range(8):
        truth, (trees, _, none) = drawn(400, seed)
        (found,) = standings({TREES: trees, RING: none}, truth, seed=seed, candidates=[RING])
        kept += found.kept

    assert kept <= 1


def test_the_slow_member_is_asked_seldom_and_hardly_missed():
    truth, (trees, other, _) = drawn(4_000)
    quick, full = 1.5 * trees, trees + other

    found = cascade(quick, full, truth)

    sure = 1 / (1 + np.exp(-quick))
    asked = (sure >= found.low) & (sure <= found.high)
    precision = average_precision_score(truth, np.where(asked, full, quick))
    assert found.share == asked.mean() < 1.0
    assert precision >= average_precision_score(truth, full) - MOST_LOST


def test_where_the_slow_member_adds_nothing_nobody_asks_it():
    truth, (trees, _, _) = drawn()

    assert cascade(trees, trees, truth).share <= 0.5 * np.mean(trees < 0)
