"""Labels held against what the probabilities themselves promise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraud.drift.performance import LEAST, performance, truth_of


def drawn(rng, n, *, of=lambda p: p):
    chances = rng.uniform(0.6, 0.98, n)
    return (rng.random(n) < of(chances)).astype(float), chances


def test_a_model_that_keeps_its_promise_is_left_alone():
    rng = np.random.default_rng(1)

    found = [performance(*drawn(rng, 150)) for _ in range(40)]

    assert not any(each.drifted for each in found)


@pytest.mark.parametrize("of", [lambda p: p - 0.3, lambda p: 1.5 - p])
def test_one_whose_probabilities_are_off_is_found(of):
    found = performance(*drawn(np.random.default_rng(2), 300, of=of))

    assert found.drifted
    assert found.calibration_error > found.calibration_error_promised + 0.05


def test_a_small_error_does_not_matter_however_many_labels_there_are():
    rng = np.random.default_rng(3)

    assert not performance(*drawn(rng, 2_000, of=lambda p: p - 0.03)).drifted


def test_of_few_labels_or_of_one_kind_nothing_is_said():
    chances = np.full(LEAST, 0.7)

    assert performance(np.ones(LEAST), chances) is None
    assert performance(np.array([1.0, 0.0] * 10), chances[:20]) is None
    assert performance(np.array([]), np.array([])) is None


@given(st.lists(st.booleans(), min_size=1, max_size=9))
def test_the_most_words_count_and_of_as_many_the_latest(words):
    ahead = 2 * sum(words) - len(words)

    assert truth_of(words) == (ahead > 0 if ahead else words[-1])
