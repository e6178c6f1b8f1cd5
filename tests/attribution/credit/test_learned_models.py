"""What the fitted models find in journeys made for them."""

from dataclasses import replace
from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings

from attribution.credit import CreditError, attribute, parse
from attribution.credit.models import data_driven, survival
from attribution.credit.models.ensemble import Member, agree
from attribution.credit.models.ordered_shapley import by_place
from tests.attribution.credit.journeys import FRAMES, HAND, by_name

quick = settings(max_examples=25, deadline=None)


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
    assert (np.add.reduceat(found.weights, paths.offsets[:-1]) <= 1 + 1e-12).all()
    assert sum(found.shares.values()) == pytest.approx(1.0)


def test_members_that_say_the_same_are_trusted_and_those_that_do_not_are_not():
    paths = parse(HAND)
    rows = np.repeat(paths.lengths, paths.lengths)

    def said(name, weights):
        return Member(name=name, weights=weights, foretell=None)

    nobody = {"data-driven": 0, "survival": 0}
    split = agree(
        paths,
        also=(said("a", 1 / rows), said("b", np.zeros(rows.size))),
        shares={**nobody, "a": 1, "b": 3},
    )
    np.testing.assert_allclose(split.weights, 0.25 / rows)
    parts = np.stack(
        [data_driven.incremental(paths, data_driven.MODEL.defaults),
         survival.incremental(paths, survival.MODEL.defaults), 1 / rows, np.zeros(rows.size)]
    )  # fmt: skip
    np.testing.assert_allclose(split.confidence, 1 - 2 * parts.std(axis=0))
    with pytest.raises(CreditError):
        attribute(HAND, "ensemble", shares={"survival": -1})


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
