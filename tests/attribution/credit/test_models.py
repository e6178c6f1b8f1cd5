"""The contract of every registered model; a new model is tested by being registered."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from attribution.credit import (
    MODELS,
    CreditError,
    attribute,
    attribute_all,
    deep,
    parse,
    touch_credit,
    touch_weights,
)
from tests.attribution.credit.journeys import FRAMES, HAND, by_name

FEW = {"deep": {"passes": 2}}
"""What keeps a model's contract quick; what it is good for has tests of its own."""

NEAR = {"deep": 1e-3}
"""Networks sum in single precision."""

INSTALLED = [name for name in MODELS if name != "deep" or deep.installed()]
EVERY = [(name, FEW.get(name, {})) for name in INSTALLED] + [
    ("markov", {"order": order}) for order in (2, 3, 4)
]
PER_TOUCH = [name for name, model in MODELS.items() if model.additive]
every = pytest.mark.parametrize(("model", "params"), EVERY)
quick = settings(max_examples=25, deadline=None)


def close(one, two):
    names = one.keys() | two.keys()
    pairs = np.array([[one.get(name, 0.0), two.get(name, 0.0)] for name in sorted(names)])
    np.testing.assert_allclose(pairs[:, 0], pairs[:, 1], rtol=1e-9, atol=1e-9)


@every
@quick
@given(rows=FRAMES)
def test_it_gives_away_all_conversions_and_all_value(model, params, rows):
    credit = attribute(rows, model, **params)
    assert credit.conversions.sum() == pytest.approx(rows["conversions"].sum(), abs=1e-9)
    assert credit.value.sum() == pytest.approx(rows["value"].sum(), abs=1e-9)
    assert (credit.conversions >= 0).all()
    assert (credit.value >= 0).all()


@every
@quick
@given(rows=FRAMES)
def test_it_gives_nothing_to_a_channel_that_never_converts(model, params, rows):
    lost = pd.DataFrame({"path": ["z", "z > y"], "conversions": 0.0, "nulls": 2.0, "value": 0.0})
    credit = attribute(pd.concat([rows, lost]), model, **params)
    assert by_name(credit)["z"] == by_name(credit, "value")["z"] == 0.0


@every
@quick
@given(rows=FRAMES)
def test_it_does_not_mind_the_order_of_rows_nor_rows_split_in_two(model, params, rows):
    whole = attribute(rows, model, **params)
    halves = rows.assign(**{name: rows[name] / 2 for name in ("conversions", "nulls", "value")})
    shuffled = pd.concat([halves.iloc[::-1], halves])
    again = attribute(shuffled, model, **params)
    close(by_name(whole), by_name(again))
    close(by_name(whole, "value"), by_name(again, "value"))


@every
def test_it_repeats_itself_to_the_byte(model, params):
    one, two = attribute(HAND, model, **params), attribute(HAND, model, **params)
    assert one.conversions.tobytes() == two.conversions.tobytes()
    assert one.value.tobytes() == two.value.tobytes()


@every
@quick
@given(rows=FRAMES)
def test_it_gives_new_names_the_same_credit(model, params, rows):
    renamed = rows.assign(path=rows["path"].str.upper())
    close(
        {
            name.upper(): amount
            for name, amount in by_name(attribute(rows, model, **params)).items()
        },
        by_name(attribute(renamed, model, **params)),
    )


@pytest.mark.parametrize("model", [name for name, model in MODELS.items() if model.symmetric])
@quick
@given(rows=FRAMES)
def test_a_symmetric_model_does_not_mind_the_order_of_touches(model, rows):
    turned = rows.assign(path=rows["path"].map(lambda path: " > ".join(path.split(" > ")[::-1])))
    close(by_name(attribute(rows, model)), by_name(attribute(turned, model)))


@every
@pytest.mark.parametrize(
    "rows",
    [
        {"path": [], "conversions": []},
        {"path": ["a"], "conversions": [1]},
        {"path": ["a > a > a"], "conversions": [2], "value": [3]},
        {"path": ["a > b", "b"], "conversions": [0, 0], "nulls": [3, 4]},
        {"path": ["a > b", "b > c"], "conversions": [0, 0], "nulls": [0, 0]},
        {"path": ["a > b > a", "b"], "conversions": [1, 2], "value": [1, 0]},
    ],
)
def test_it_answers_thin_data_with_numbers(model, params, rows):
    credit = attribute(rows, model, **params)
    assert np.isfinite(credit.conversions).all()
    assert np.isfinite(credit.value).all()
    assert credit.conversions.sum() == pytest.approx(sum(rows["conversions"]))
    assert len(credit.frame()) == len(credit.channels)


@every
def test_it_states_its_formula_and_source(model, params):
    assert MODELS[model].formula
    assert MODELS[model].source
    assert MODELS[model].title


@pytest.mark.parametrize("model", PER_TOUCH)
@quick
@given(rows=FRAMES)
def test_its_touches_sum_to_one_per_journey_and_to_the_credit_per_channel(model, rows):
    paths = parse(rows)
    weights = touch_weights(model, paths)
    np.testing.assert_allclose(np.add.reduceat(weights, paths.offsets[:-1]), 1.0, rtol=1e-12)
    earned = np.zeros(len(paths.channels))
    np.add.at(earned, paths.tokens, weights * np.repeat(paths.conversions, paths.lengths))
    np.testing.assert_allclose(earned, attribute(paths, model).conversions, atol=1e-10)


@every
@quick
@given(rows=FRAMES)
def test_its_touches_sum_to_the_report_by_channel_and_by_any_parts_of_the_journeys(
    model, params, rows
):
    paths = parse(rows)
    touches, credit = touch_credit(paths, model, **params), attribute(paths, model, **params)
    assert (touches >= 0).all()
    for column, expected in enumerate((credit.conversions, credit.value)):
        earned = np.bincount(paths.tokens, touches[:, column], len(paths.channels))
        np.testing.assert_allclose(earned, expected, rtol=1e-12, atol=1e-9)
    # Days and segments are parts of the journeys: they sum to the whole, whatever they are.
    part = np.repeat(np.arange(paths.lengths.size) % 3, paths.lengths)
    parts = sum(touches[part == number].sum(axis=0) for number in range(3))
    np.testing.assert_allclose(parts, touches.sum(axis=0), rtol=1e-12, atol=1e-9)
    np.testing.assert_allclose(parts[0], paths.total_conversions, rtol=1e-12, atol=1e-9)


@every
def test_two_channels_that_do_the_same_earn_the_same(model, params):
    rows = {
        "path": ["a > b", "b > a", "a", "b", "c > a", "c > b", "c"],
        "conversions": [3, 3, 2, 2, 4, 4, 1],
        "nulls": [1, 1, 5, 5, 2, 2, 9],
        "value": [30, 30, 10, 10, 40, 40, 5],
    }
    credit = attribute(rows, model, **params)
    for column in ("conversions", "value"):
        found = by_name(credit, column)
        assert found["a"] == pytest.approx(found["b"], rel=NEAR.get(model, 1e-9))


def test_many_models_at_once_equal_each_alone():
    models = ("first", "shapley", "linear", ("markov", {"order": 2}), "position", "time-decay")
    for credit in attribute_all(HAND, models):
        alone = attribute(HAND, credit.model, **credit.params)
        assert credit.conversions.tobytes() == alone.conversions.tobytes()
        assert credit.value.tobytes() == alone.value.tobytes()


@pytest.mark.parametrize(
    ("model", "params"),
    [
        ("best", {}),
        ("linear", {"order": 1}),
        ("markov", {"order": 0}),
        ("markov", {"order": 5}),
        ("markov", {"order": "2"}),
        ("position", {"first": 0.8, "last": 0.4}),
        ("position", {"first": -0.1}),
        ("position", {"first": 0, "last": 0}),
        ("time-decay", {"half_life": 0}),
        ("time-decay", {"half_life": "long"}),
        ("last-non-direct", {"direct": "direct"}),
    ],
)
def test_it_refuses_a_name_or_parameter_it_does_not_know(model, params):
    with pytest.raises(CreditError):
        attribute(HAND, model, **params)
