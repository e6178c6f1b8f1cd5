"""Equality with the exact numbers of the field's reference data."""

import json

import numpy as np
import pandas as pd
import pytest

from attribution.credit import attribute, parse, transition_counts
from tests.data_dir import data_file


@pytest.fixture(scope="module")
def expected():
    return json.loads(data_file("attribution/expected_pathdata.json").read_text())


@pytest.fixture(scope="module")
def paths():
    return parse(pd.read_csv(data_file("attribution/pathdata_channelattribution.csv.gz")))


def same(paths, got, wanted, **tolerance):
    np.testing.assert_allclose(got, [wanted[name] for name in paths.channels], **tolerance)


def test_it_reads_the_same_totals(paths, expected):
    assert list(paths.channels) == expected["channels"]
    assert paths.tokens.size == expected["tokens"]
    assert paths.total_conversions == expected["total_conversions"]
    assert paths.total_value == pytest.approx(expected["total_conversion_value"], rel=1e-12)
    assert paths.journeys == expected["total_conversions"] + expected["total_null"]


@pytest.mark.parametrize("model", ["first", "last", "linear"])
def test_heuristics_are_equal(paths, expected, model):
    credit = attribute(paths, model)
    wanted = expected["heuristics"]
    same(paths, credit.conversions, wanted[f"{model}_touch_conversions"], rtol=1e-9)
    same(paths, credit.value, wanted[f"{model}_touch_value"], rtol=1e-9)


@pytest.mark.parametrize(
    ("model", "section"),
    [("position", "position_based_40_20_40"), ("shapley", "shapley_set_closed_form")],
)
def test_position_and_shapley_are_equal(paths, expected, model, section):
    credit = attribute(paths, model)
    same(paths, credit.conversions, expected[section]["conversions"], rtol=1e-9)
    same(paths, credit.value, expected[section]["value"], rtol=1e-9)


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_markov_is_exact(paths, expected, order):
    credit = attribute(paths, "markov", order=order)
    wanted = expected["markov_exact"][f"order_{order}"]
    same(paths, credit.removal_effect, wanted["removal_effects_conversion"], rtol=0, atol=1e-9)
    same(paths, credit.removal_effect_value, wanted["removal_effects_value"], rtol=0, atol=1e-9)
    same(paths, credit.conversions, wanted["total_conversions"], rtol=1e-9)
    same(paths, credit.value, wanted["total_conversion_value"], rtol=1e-9)


def test_transitions_are_equal(paths, expected):
    wanted = {(before, after): n for before, after, n in expected["order1_transition_counts"]}
    assert {(one, two): n for one, two, n in transition_counts(paths).rows()} == wanted
