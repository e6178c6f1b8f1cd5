"""What every model's training is made of: parts by time, calibration, judgement, gate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.training import calibration
from ml.training.examples import Examples, ExamplesUnusable
from ml.training.gate import Gate, failures
from ml.training.judged import calibration_error, judged, recall_at
from ml.training.split import by_time
from ml.training.versus import versus


def examples(truth, at=None):
    truth = np.asarray(truth, dtype=float)
    at = np.arange(truth.size, dtype=float) if at is None else np.asarray(at, dtype=float)
    return Examples(names=("x",), matrix=truth[:, None].copy(), truth=truth, at=at)


@given(st.lists(st.integers(0, 40), min_size=60, max_size=200), st.integers(0, 3))
def test_no_part_has_a_moment_of_another(moments, seed):
    at = np.sort(np.array(moments, dtype=float))
    truth = np.random.default_rng(seed).integers(0, 2, at.size)
    try:
        parts = by_time(examples(truth, at))
    except ExamplesUnusable:
        return

    assert parts.fit.at[-1] < parts.tune.at[0]
    assert parts.tune.at[-1] < parts.test.at[0]
    assert len(parts.fit) + len(parts.tune) + len(parts.test) == at.size


def test_it_splits_seventy_fifteen_fifteen():
    parts = by_time(examples([0, 1] * 100))

    assert (len(parts.fit), len(parts.tune), len(parts.test)) == (140, 30, 30)


def test_too_few_of_a_kind_are_said_in_a_sentence():
    with pytest.raises(ExamplesUnusable, match="judge on"):
        by_time(examples([0, 1] * 80 + [0] * 40))


def test_examples_come_in_the_order_of_time():
    with pytest.raises(ExamplesUnusable):
        examples([0, 1], at=[2, 1])


@given(st.floats(0.2, 5.0), st.floats(-3.0, 3.0))
def test_calibration_finds_how_far_margins_are_off(slope, shift):
    rng = np.random.default_rng(7)
    margins = rng.normal(0, 2, 4_000)
    right = 1 / (1 + np.exp(-(slope * margins + shift)))
    truth = (rng.random(4_000) < right).astype(float)
    if not 200 < truth.sum() < 3_800:
        return

    found = calibration.fit(margins, truth)

    assert calibration_error(truth, found(margins)) < calibration_error(truth, right) + 0.01
    assert found.slope == pytest.approx(slope, rel=0.4)


def test_calibration_never_turns_a_model_around():
    margins = np.linspace(-3, 3, 200)

    found = calibration.fit(margins, (margins < 0).astype(float))

    assert found.slope > 0
    assert np.all(np.diff(found(margins)) >= 0)


def test_probabilities_that_are_right_have_no_error():
    assert calibration_error(np.array([0.0, 1.0]), np.array([0.0, 1.0])) == 0.0
    assert calibration_error(np.array([0.0, 1.0]), np.array([1.0, 0.0])) == 1.0


def test_recall_is_told_where_few_honest_events_are_taken_for_false():
    truth = np.array([0.0] * 1_000 + [1.0] * 10)
    found = np.concatenate([np.linspace(0, 0.5, 1_000), [0.9] * 7 + [0.1] * 3])

    assert recall_at(truth, found, 0.005) == 0.7


def judgement(truth, found):
    return judged(np.asarray(truth, dtype=float), np.asarray(found, dtype=float), seed=1)


def test_a_good_model_passes_the_gate():
    found = judgement([0] * 50 + [1] * 50, [0.01] * 50 + [0.99] * 50)

    assert failures(found, Gate()) == []


def test_the_gate_says_each_thing_that_is_wrong():
    found = judgement([0, 1] * 50, [0.9, 0.1] * 50)

    said = " ".join(failures(found, Gate()))

    for words in ("AUC", "average precision", "calibration error"):
        assert words in said


def rivals(seed, *, better, n=600):
    """A truth, a champion who knows something of it, and a challenger who knows more or nothing."""
    rng = np.random.default_rng(seed)
    truth = (rng.random(n) < 0.15).astype(float)
    champion = truth + rng.normal(0, 0.8, n)
    challenger = truth + rng.normal(0, 0.3, n) if better else rng.permutation(champion)
    return truth, champion, challenger


def test_a_challenger_that_is_better_is_found_to_be():
    found = versus(*rivals(1, better=True), seed=1, draws=200)

    assert found.better
    assert found.interval[0] < found.difference < found.interval[1]


def test_one_that_learned_from_shuffled_labels_never_is():
    assert not any(
        versus(*rivals(seed, better=False), seed=seed, draws=100).better for seed in range(20)
    )


def test_with_too_few_false_events_nothing_is_decided():
    truth = np.array([1.0] * 10 + [0.0] * 500)

    assert not versus(truth, np.zeros(510), truth, seed=1, draws=50).better
