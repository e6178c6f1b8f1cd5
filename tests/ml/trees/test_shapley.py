"""Shapley values of a forest: by definition, and as XGBoost has them."""

from itertools import combinations, pairwise
from math import factorial

import numpy as np
import pytest
import xgboost as xgb
from hypothesis import given, settings
from hypothesis import strategies as st

from ml.trees.export import _paths
from ml.trees.paths import Paths
from ml.trees.shapley import DEEPEST, shapley, weights

FEATURES = 4


@st.composite
def forests(draw):
    """Leaves with up to four features each on their way."""
    leaves = []
    for _ in range(draw(st.integers(1, 6))):
        features = draw(st.sets(st.integers(0, FEATURES - 1), max_size=FEATURES))
        leaves.append(
            (
                [(each, *sorted(draw(st.tuples(st.integers(-3, 3), st.integers(-3, 3)))),
                  draw(st.booleans()), draw(st.floats(0.05, 1.0))) for each in sorted(features)],
                draw(st.floats(-2.0, 2.0)),
            )
        )  # fmt: skip
    rows = [step for asked, _ in leaves for step in asked]
    return Paths(
        starts=np.cumsum([0, *(len(asked) for asked, _ in leaves)]),
        features=np.array([each[0] for each in rows], dtype=np.int64),
        low=np.array([each[1] for each in rows], dtype=float),
        high=np.array([each[2] for each in rows], dtype=float),
        missing=np.array([each[3] for each in rows], dtype=np.int64),
        shares=np.array([each[4] for each in rows], dtype=float),
        values=np.array([value for _, value in leaves]), base=0.5,
    )  # fmt: skip


ROWS = st.lists(
    st.one_of(st.floats(-4, 4), st.just(float("nan"))), min_size=FEATURES, max_size=FEATURES
)


def worth(paths, row, coalition):
    """What the forest says when only ``coalition`` is known."""
    return paths.base + sum(
        value * np.prod([part(paths, row, coalition, place) for place in range(*places)])
        for value, places in zip(paths.values, pairwise(paths.starts), strict=True)
    )


def part(paths, row, coalition, place):
    """Whether a known feature passes; the share of all that passed for one that is not known."""
    x, feature = row[paths.features[place]], paths.features[place]
    if feature not in coalition:
        return paths.shares[place]
    if np.isnan(x):
        return float(paths.missing[place])
    return float(paths.low[place] <= x < paths.high[place])


def by_definition(paths, row, feature):
    """The mean of what the feature adds, over all orders in which features become known."""
    others, total = [each for each in range(FEATURES) if each != feature], 0.0
    for size in range(FEATURES):
        share = factorial(size) * factorial(FEATURES - 1 - size) / factorial(FEATURES)
        for known in combinations(others, size):
            total += share * (worth(paths, row, {*known, feature}) - worth(paths, row, {*known}))
    return total


@settings(max_examples=60, deadline=None)
@given(forests(), ROWS)
def test_it_is_what_the_definition_says(paths, row):
    added, bias = shapley(paths, np.array([row]))

    assert bias == pytest.approx(worth(paths, row, set()), abs=1e-9)
    for feature in range(FEATURES):
        assert added[0, feature] == pytest.approx(by_definition(paths, row, feature), abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(forests(), ROWS)
def test_values_and_bias_sum_to_what_the_forest_says(paths, row):
    added, bias = shapley(paths, np.array([row]))

    assert added.sum() + bias == pytest.approx(worth(paths, row, set(range(FEATURES))), abs=1e-9)


@pytest.fixture(scope="module")
def grown():
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(1_500, 12)).astype(np.float32)
    rows[rng.random(rows.shape) < 0.2] = np.nan
    odds = np.nan_to_num(rows[:, 0]) * np.nan_to_num(rows[:, 1]) + np.nan_to_num(rows[:, 2])
    truth = (odds > 0.5).astype(float)
    settings_ = {"objective": "binary:logistic", "max_depth": 6, "eta": 0.2, "nthread": 1}
    return xgb.train(settings_, xgb.DMatrix(rows, truth), 40), rows


def test_it_is_what_xgboost_says(grown):
    booster, rows = grown

    added, bias = shapley(_paths(booster), rows[:300].astype(float))

    told = booster.predict(xgb.DMatrix(rows[:300]), pred_contribs=True)
    np.testing.assert_allclose(added, told[:, :-1], atol=2e-5)
    assert bias == pytest.approx(told[0, -1], abs=2e-5)


def test_a_row_is_explained_the_same_alone_and_among_others(grown):
    booster, rows = grown
    paths = _paths(booster)

    alone = [shapley(paths, row[None].astype(float))[0][0].tolist() for row in rows[:20]]

    assert shapley(paths, rows[:20].astype(float))[0].tolist() == alone


def test_paths_survive_being_packed(grown):
    paths = _paths(grown[0])

    again = Paths.unpacked(paths.packed())

    np.testing.assert_array_equal(again.shares, paths.shares)
    assert again.base == paths.base


def test_coalitions_weigh_one_together():
    for size in range(1, 9):
        counts = [factorial(size - 1) / factorial(k) / factorial(size - 1 - k) for k in range(size)]
        assert sum(np.array(counts) * weights(DEEPEST)[size, :size]) == pytest.approx(1.0)
