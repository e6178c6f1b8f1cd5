"""Where a channel stands, and its neighbours, against plain counting over the same journeys."""

from collections import Counter
from itertools import groupby, pairwise

import pytest
from hypothesis import given

from attribution.flows import place, top
from tests.attribution.flows.test_flows import CHANNELS, JOURNEYS, paths_of

START, END = 0, -1


def merged(path):
    return [token for token, _ in groupby(path)]


def transitions(journeys):
    """The store's rows of these journeys; keys are tokens + 1, since 0 is the start."""
    rows = {}
    for path, conversions, nulls in journeys:
        for pair in pairwise([START, *(token + 1 for token in path), END]):
            had = rows.get(pair, (0, 0))
            rows[pair] = (had[0] + conversions, had[1] + nulls)
    return [(*pair, converting, nulls, 0) for pair, (converting, nulls) in rows.items()]


def label(key):
    return CHANNELS[key - 1]


@given(JOURNEYS)
def test_it_counts_journeys_by_the_places_of_the_channel(journeys):
    expected: Counter = Counter()
    for path, conversions, nulls in journeys:
        steps, both = merged(path), conversions + nulls
        expected["Alone"] += both * (steps == [0])
        expected["First"] += both * (len(steps) > 1 and steps[0] == 0)
        expected["In between"] += both * (0 in steps[1:-1])
        expected["Last"] += both * (len(steps) > 1 and steps[-1] == 0)
    found = {row.name: row.journeys for row in place.places(paths_of(journeys), "a")}
    assert +Counter(found) == +expected


@given(JOURNEYS)
def test_it_keeps_the_journeys_with_the_channel(journeys):
    kept = place.through(paths_of(journeys), "b")
    assert kept.journeys == sum(c + n for path, c, n in journeys if 1 in path)
    assert all("b" in row.path for row in top.top(kept, limit=100).rows)


def test_a_channel_nobody_knows_has_no_journeys():
    paths = paths_of([([0], 1, 0)])
    assert place.through(paths, "z").journeys == 0
    assert place.places(paths, "z") == ()


@given(JOURNEYS)
def test_what_goes_in_comes_out(journeys):
    found = place.around(transitions(journeys), 1, label, most=1)
    visits = sum((c + n) * merged(path).count(0) for path, c, n in journeys)
    assert found.steps == visits
    assert sum(each.steps for each in found.before) == visits
    assert sum(each.steps for each in found.after) == visits
    converted = sum(each.steps for each in found.after if each.label == "Conversion")
    assert converted == sum(c for path, c, _ in journeys if path[-1] == 0)


def test_both_sides_name_the_same_channels_and_sum_up_the_rest():
    journeys = [([1, 0, 2], 5, 0), ([2, 0, 3], 3, 0), ([3, 0, 1], 1, 1), ([0, 0], 0, 2)]
    found = place.around(transitions(journeys), 1, label, most=1)
    assert [(each.label, each.steps) for each in found.before] == [
        ("c", 3.0), ("Start", 2.0), ("All others", 7.0)
    ]  # fmt: skip
    assert [(each.label, each.steps) for each in found.after] == [
        ("c", 5.0), ("No conversion", 2.0), ("All others", 5.0)
    ]  # fmt: skip
    assert found.after[0].share == pytest.approx(5 / 12)


def test_paths_on_which_nobody_converted_are_left_out_when_asked():
    found = top.top(paths_of([([0], 0, 9), ([1], 2, 5)]), limit=9, converting=True)
    assert [row.path for row in found.rows] == [("b",)]
    assert (found.distinct, found.rows[0].journeys) == (1, 7.0)
