"""Rule-based models and Shapley against sums done by hand and by brute force."""

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings

from attribution.credit import CreditError, attribute, parse, per_journey_credit, touch_weights
from tests.attribution.credit.journeys import FRAMES, HAND, by_name


@pytest.mark.parametrize(
    ("model", "params", "expected"),
    [
        ("first", {}, {"a": 3, "b": 3, "c": 0, "Direct": 4, "direct": 0}),
        ("last", {}, {"a": 1, "b": 5, "c": 0, "Direct": 0, "direct": 4}),
        ("last-non-direct", {}, {"a": 5, "b": 5, "c": 0, "Direct": 0, "direct": 0}),
        ("linear", {}, {"a": 1 + 1 + 1 + 4 / 3, "b": 3, "c": 0, "Direct": 4 / 3, "direct": 4 / 3}),
        ("position", {}, {"a": 3.4, "b": 3.4, "c": 0, "Direct": 1.6, "direct": 1.6}),
        (
            "position",
            {"first": 0.6, "last": 0.2},
            {"a": 1.5 + 1 + 0.6 + 0.8, "b": 0.5 + 2.4, "c": 0, "Direct": 2.4, "direct": 0.8},
        ),
        (
            "time-decay",
            {"half_life": 1},
            {
                "a": 2 / 3 + 1 + 6 / 7 + 8 / 7,
                "b": 4 / 3 + 3 * 5 / 7,
                "c": 0,
                "Direct": 4 / 7,
                "direct": 16 / 7,
            },
        ),
        ("shapley", {}, {"a": 3.5 + 4 / 3, "b": 2.5, "c": 0, "Direct": 4 / 3, "direct": 4 / 3}),
    ],
)
def test_it_equals_the_sum_by_hand(model, params, expected):
    assert by_name(attribute(HAND, model, **params)) == pytest.approx(expected, abs=1e-12)


def test_last_non_direct_takes_the_last_where_all_are_direct():
    credit = attribute({"path": ["(direct) > Direct"], "conversions": [1]}, "last-non-direct")
    assert by_name(credit) == {"(direct)": 0.0, "Direct": 1.0}


def test_last_non_direct_passes_over_the_channels_it_is_told():
    credit = attribute(HAND, "last-non-direct", direct=("b",))
    assert by_name(credit)["a"] == 6.0


def test_time_decay_halves_per_half_life_of_days():
    paths = parse({"path": ["a > b > c"], "conversions": [7]})
    aged = replace(paths, ages=np.array([1_014.0, 1_007.0, 1_000.0]))
    assert attribute(aged, "time-decay").conversions.tolist() == pytest.approx([1, 2, 4])
    ancient = replace(paths, ages=np.array([1e9, 1e8, 0.0]))
    assert attribute(ancient, "time-decay").conversions.tolist() == [0, 0, 7]


def by_coalitions(rows):
    """Shapley values from their definition: mean marginal gain over all orders of the channels."""
    journeys = [
        (set(path.split(" > ")), gain)
        for path, gain in zip(rows.path, rows.conversions, strict=True)
    ]
    names = sorted(set().union(*(channels for channels, _ in journeys)))
    orders = list(permutations(names))
    found = dict.fromkeys(names, 0.0)
    for order in orders:
        present = set()
        for name in order:
            before = sum(gain for channels, gain in journeys if channels <= present)
            present.add(name)
            after = sum(gain for channels, gain in journeys if channels <= present)
            found[name] += (after - before) / len(orders)
    return found


@settings(max_examples=15, deadline=None)
@given(rows=FRAMES)
def test_shapley_equals_its_definition_over_all_coalitions(rows):
    assert by_name(attribute(rows, "shapley")) == pytest.approx(by_coalitions(rows), abs=1e-9)


def test_the_journey_view_splits_by_effect_and_equally_without_one():
    paths = parse({"path": ["a > b > a", "b > c"], "conversions": [1, 1]})
    shares = per_journey_credit(paths, np.array([0.25, 0.5, 0.0]))
    assert shares.tolist() == pytest.approx([0.25, 0.5, 0.25, 1.0, 0.0])
    assert per_journey_credit(paths, np.zeros(3)).tolist() == pytest.approx([1 / 3] * 3 + [0.5] * 2)


def test_the_journey_view_wants_an_effect_per_channel():
    with pytest.raises(CreditError):
        per_journey_credit(parse(HAND), np.ones(2))


def test_markov_has_no_weights_per_touch():
    with pytest.raises(CreditError):
        touch_weights("markov", parse(HAND))
