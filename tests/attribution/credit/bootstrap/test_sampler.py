"""Samples do not depend on how the same journeys were written down."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from attribution.credit import MODELS, attribute, parse
from attribution.credit.bootstrap import sampler
from tests.attribution.credit.journeys import FRAMES, HAND

CASES = [(name, {}) for name in MODELS if name != "deep"] + [("markov", {"order": 2})]


@pytest.mark.parametrize(("model", "params"), CASES)
@settings(max_examples=10, deadline=None)
@given(rows=FRAMES)
def test_order_and_splitting_of_rows_do_not_move_the_intervals(model, params, rows):
    hold_together(model, rows, **params)


@settings(max_examples=2, deadline=None)
@given(rows=FRAMES)
def test_order_and_splitting_of_rows_do_not_move_a_networks_intervals(rows):
    """Each example trains two networks, and that takes seconds."""
    hold_together("deep", rows)


def hold_together(model, rows, **params):
    doubled = rows.assign(**{name: 2 * rows[name] for name in ("conversions", "nulls", "value")})
    shuffled = pd.concat([rows.iloc[::-1], rows])
    one = attribute(doubled, model, replicates=60, seed=3, **params)
    two = attribute(shuffled, model, replicates=60, seed=3, **params)
    # A fit ends when its steps are small, by way of sums in the order of the channels.
    near = 1e-6 if MODELS[model].fitted else 1e-9
    place = [two.channels.index(channel) for channel in one.channels]
    for name in ("conversions_low", "conversions_high"):
        np.testing.assert_allclose(
            getattr(one, name), getattr(two, name)[place], rtol=near, atol=near
        )


def test_equal_rows_are_merged_and_ages_keep_rows_apart():
    paths = parse(pd.concat([HAND, HAND]))
    merged = sampler(paths, 10, 1)
    assert merged.keys.size == len(HAND)
    assert merged.paths.total_conversions == paths.total_conversions
    assert merged.paths.journeys == paths.journeys
    ages = np.arange(paths.tokens.size, dtype=np.float64)
    assert sampler(replace(paths, ages=ages), 10, 1).keys.size == 2 * len(HAND)


def test_other_seeds_are_other_samples():
    one, two = sampler(parse(HAND), 10, 1), sampler(parse(HAND), 10, 2)
    assert not set(one.keys.tolist()) & set(two.keys.tolist())


def test_single_values_give_the_spread_of_a_row():
    rows = {"path": ["a", "a", "b"], "conversions": [1, 1, 2], "value": [10.0, 30.0, 40.0]}
    found = sampler(parse(rows), 10, 1)
    # Means 10, 30 and 20 (twice) around 20: variance (100 + 100) / (3 - 1), of b (2 - 1) / 2 of it.
    assert found.deviation.tolist() == pytest.approx([10.0, np.sqrt(50.0)])
    known = replace(parse({"path": ["b"], "conversions": [2], "value": [40.0]}))
    known = replace(known, value_squares=np.array([1_000.0]))
    assert sampler(known, 10, 1).deviation.tolist() == [10.0]


def test_the_spread_of_unknown_single_values_follows_from_that_of_rows():
    rng = np.random.default_rng(6)
    counts = rng.integers(1, 30, 400)
    rows = {
        "path": [f"c{number}" for number in range(400)],
        "conversions": counts,
        "value": [rng.gamma(2.0, 25.0, count).sum() for count in counts],
    }
    found = sampler(parse(rows), 10, 1).deviation
    expected = np.sqrt(1_250.0 * (counts - 1) / counts)
    assert (found[counts > 1] / expected[counts > 1]).mean() == pytest.approx(1.0, abs=0.1)


def test_equal_values_have_no_spread():
    rows = {"path": ["a", "b", "c"], "conversions": [1, 5, 2], "value": [0.1, 0.5, 0.2]}
    assert sampler(parse(rows), 10, 1).deviation.tolist() == [0.0, 0.0, 0.0]
