"""What the fitted models find in journeys made for them."""

from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings

from attribution.credit import attribute, parse
from attribution.credit import logistic as model
from attribution.credit.models.ensemble import agree
from attribution.credit.models.ordered_shapley import by_place
from tests.attribution.credit.journeys import FRAMES, HAND, by_name

quick = settings(max_examples=25, deadline=None)


def test_the_fit_is_the_maximum_of_the_penalised_likelihood():
    fitted = model.fit(parse(HAND))
    at = np.append(fitted.coefficients, fitted.intercept)
    ridge = np.full(at.size, fitted.penalty)
    ridge[-1] = 1e-2
    value, gradient, hessian = model._penalised(parse(HAND), at, ridge)
    assert np.abs(gradient).max() < 1e-3 * max(1.0, abs(value))
    rng = np.random.default_rng(1)
    for _ in range(50):
        moved = at + rng.normal(0, 0.05, at.size)
        assert model._penalised(parse(HAND), moved, ridge)[0] <= value + 1e-9
    assert (np.linalg.eigvalsh(hessian) > 0).all()


@quick
@given(rows=FRAMES)
def test_a_drop_is_the_difference_of_two_predictions(rows):
    paths = parse(rows)
    fitted = model.fit(paths)

    def chance(tokens):
        counts = np.bincount(tokens, minlength=len(paths.channels))
        odds = fitted.intercept + fitted.coefficients @ np.log1p(counts)
        return 1 / (1 + np.exp(-odds))

    found = model.drops(paths, fitted)
    for row in range(paths.offsets.size - 1):
        here = np.arange(paths.offsets[row], paths.offsets[row + 1])
        for at in here:
            without = paths.tokens[here[here != at]]
            expected = chance(paths.tokens[here]) - chance(without)
            assert found[at] == pytest.approx(expected, abs=1e-12)


def test_data_driven_credits_the_channel_that_moves_people_not_the_one_that_is_always_there():
    rows = {
        "path": ["base", "base > works", "works > base", "base > idle", "idle > base"],
        "conversions": [50, 300, 290, 52, 48],
        "nulls": [950, 700, 710, 948, 952],
    }
    found = by_name(attribute(rows, "data-driven"))
    assert found["works"] > 3 * found["idle"]
    assert found["works"] > attribute(rows, "linear").conversions[1]


def test_data_driven_gives_nothing_to_the_way_back_of_a_decided_buyer():
    rows = {"path": ["a > Direct", "Direct", "a"], "conversions": [40, 20, 1], "nulls": [0, 0, 300]}
    ages = np.array([9.0, 0.1, 0.1, 12.0])
    found = by_name(attribute(replace(parse(rows), ages=ages), "data-driven"))
    assert found == pytest.approx({"a": 61.0, "Direct": 0.0})
    without_times = by_name(attribute(rows, "data-driven"))
    assert without_times["Direct"] > 20


@quick
@given(rows=FRAMES)
def test_confidence_lies_between_contradiction_and_agreement(rows):
    paths = parse(rows)
    found = agree(paths)
    assert ((found.confidence >= -1e-12) & (found.confidence <= 1 + 1e-12)).all()
    lengths = paths.lengths
    np.testing.assert_allclose(np.add.reduceat(found.weights, paths.offsets[:-1]), 1.0)
    alone = np.repeat(lengths == 1, lengths)
    np.testing.assert_allclose(found.confidence[alone], 1.0)


@quick
@given(rows=FRAMES)
def test_ordered_shapley_is_the_shapley_value_of_each_place(rows):
    paths = parse(rows)
    channels = range(len(paths.channels))
    journeys = [
        (paths.tokens[paths.offsets[row] : paths.offsets[row + 1]].tolist(), conversions)
        for row, conversions in enumerate(paths.conversions)
    ]

    def worth(coalition, channel, place):
        """Conversions of journeys within the coalition that touch the channel at the place."""
        return sum(
            conversions / path.count(channel)
            for path, conversions in journeys
            if set(path) <= coalition and place < len(path) and path[place] == channel
        )

    found = by_place(paths, 6)[:, :, 0]
    n = len(paths.channels)
    for channel in channels:
        others = [other for other in channels if other != channel]
        for place in range(6):
            value = 0.0
            for size in range(n):
                weight = factorial(size) * factorial(n - size - 1) / factorial(n)
                for chosen in combinations(others, size):
                    value += weight * worth({*chosen, channel}, channel, place)
            assert found[channel, place] == pytest.approx(value, abs=1e-9)


def test_places_sum_to_the_shapley_value():
    paths = parse(HAND)
    np.testing.assert_allclose(
        by_place(paths, 2).sum(axis=1)[:, 0], attribute(HAND, "shapley").conversions
    )
