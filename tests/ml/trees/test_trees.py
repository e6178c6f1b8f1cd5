"""Boosted trees: fitted, exported, served and explained."""

import numpy as np
import pytest

from ml.training.examples import Examples
from ml.training.judged import judged
from ml.training.split import by_time
from ml.trees import Forest
from ml.trees.export import artefact, parity
from ml.trees.fitted import DEFAULTS, fit, search
from ml.trees.forest import ArtefactUnusable

NAMES = ("speed", "age", "noise")


def examples(n=4_000, seed=1):
    """False events are quick and, where the age is known, young."""
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(n, 3))
    matrix[rng.random((n, 3)) < 0.1] = np.nan
    odds = 2.0 * np.nan_to_num(matrix[:, 0]) - np.nan_to_num(matrix[:, 1]) - 2.0
    truth = (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(float)
    return Examples(names=NAMES, matrix=matrix, truth=truth, at=np.arange(n, dtype=float))


@pytest.fixture(scope="module")
def parts():
    return by_time(examples())


@pytest.fixture(scope="module")
def fitted(parts):
    return fit(parts.fit, parts.tune, seed=1, parameters={**DEFAULTS, "max_depth": 3})


@pytest.fixture(scope="module")
def forest(fitted, parts):
    return Forest(artefact(fitted, parts.fit, features_version="v1"))


def test_it_finds_what_is_false_and_says_how_likely(parts, forest):
    found = judged(parts.test.truth, forest.probabilities(parts.test.matrix), seed=1)

    assert found.auc > 0.85
    assert found.calibration_error < 0.05
    assert found.auc_interval[0] < found.auc < found.auc_interval[1]


def test_what_is_served_is_what_was_trained(parts, fitted, forest):
    assert parity(fitted, forest, parts.test.matrix) <= 1e-5


def test_a_row_scores_the_same_alone_and_among_others(parts, forest):
    rows = parts.test.matrix[:50]

    alone = [forest.probabilities(row[None])[0] for row in rows]

    assert forest.probabilities(rows).tolist() == alone


def test_contributions_sum_to_the_log_odds(parts, forest):
    rows = parts.test.matrix[:200]

    found = forest.explain(rows)

    odds = found.values.sum(axis=1) + found.bias
    np.testing.assert_allclose(1 / (1 + np.exp(-odds)), forest.probabilities(rows), atol=1e-5)


def test_contributions_say_which_way_a_feature_pulls(forest):
    quick, slow = forest.explain(np.array([[2.5, 0.0, 0.0], [-2.5, 0.0, 0.0]])).values

    assert quick[0] > 0.5 > -0.5 > slow[0]
    assert abs(quick[2]) < abs(quick[0]) / 3


def test_it_tells_what_is_usual_of_honest_events(forest, parts):
    low, high = forest.header.usual[0]
    honest = parts.fit.matrix[parts.fit.truth == 0, 0]

    assert np.nanmean((honest >= low) & (honest <= high)) == pytest.approx(0.9, abs=0.12)


def test_equal_seeds_give_equal_bytes(parts):
    made = [artefact(fit(parts.fit, parts.tune, seed=3), parts.fit, features_version="v1")
            for _ in range(2)]  # fmt: skip

    assert made[0] == made[1]


def test_the_search_begins_with_the_defaults_and_tells_of_each_trial(parts):
    heard = []

    best = search(parts.fit, parts.tune, seed=1, trials=3, told=lambda *each: heard.append(each))

    assert [done for done, _ in heard] == [1, 2, 3]
    assert heard[-1][1] >= heard[0][1]
    assert set(best) == set(DEFAULTS)


def test_bytes_that_are_no_model_are_refused():
    with pytest.raises(ArtefactUnusable):
        Forest(b"moon")
