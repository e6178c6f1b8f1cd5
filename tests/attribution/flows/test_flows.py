"""Top paths, loops, drop-off and flows, against plain counting over the same journeys."""

from collections import Counter
from itertools import groupby, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.credit.paths import Paths
from attribution.flows import shape, steps, top

CHANNELS = ("a", "b", "c", "d")
JOURNEYS = st.lists(
    st.tuples(
        st.lists(st.integers(0, 3), min_size=1, max_size=7), st.integers(0, 5), st.integers(0, 5)
    ),
    min_size=1,
    max_size=25,
)


def paths_of(journeys):
    lengths = [len(path) for path, _, _ in journeys]
    return Paths(
        channels=CHANNELS,
        tokens=np.array([token for path, _, _ in journeys for token in path], dtype=np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=np.array([c for _, c, _ in journeys], dtype=np.float64),
        value=np.array([c * 10.0 for _, c, _ in journeys]),
        nulls=np.array([n for _, _, n in journeys], dtype=np.float64),
    )


def plain(path):
    return tuple(CHANNELS[token] for token, _ in groupby(path))


@given(JOURNEYS)
def test_it_counts_each_distinct_path_once(journeys):
    expected: Counter = Counter()
    for path, conversions, nulls in journeys:
        expected[plain(path)] += conversions + nulls
    found = top.top(paths_of(journeys), limit=1_000)
    assert {row.path: row.journeys for row in found.rows} == expected
    assert found.distinct == len(expected)
    assert found.conversions == sum(c for _, c, _ in journeys)
    assert [row.conversions for row in found.rows] == sorted(
        (row.conversions for row in found.rows), reverse=True
    )


def test_it_keeps_repeats_apart_when_asked():
    journeys = [([0, 0, 1], 2, 1), ([0, 1], 1, 0)]
    assert [row.path for row in top.top(paths_of(journeys), limit=5).rows] == [("a", "b")]
    kept = top.top(paths_of(journeys), limit=5, repeats=True)
    assert [row.path for row in kept.rows] == [("a", "a", "b"), ("a", "b")]
    assert kept.rows[0].rate == pytest.approx(2 / 3)
    assert kept.rows[0].value == 20.0


@given(JOURNEYS)
def test_it_finds_who_comes_back(journeys):
    expected: Counter = Counter()
    for path, conversions, nulls in journeys:
        short = plain(path)
        for channel in set(short):
            if short.count(channel) > 1:
                expected[channel] += conversions + nulls
    found = {loop.channel: loop.journeys for loop in top.loops(paths_of(journeys), limit=9)}
    assert found == {channel: count for channel, count in expected.items() if count}


def test_it_says_through_which_channel_people_come_back_and_whether_that_goes_with_converting():
    found = top.loops(paths_of([([0, 1, 0], 3, 1), ([0, 2, 0], 1, 0), ([0], 1, 4)]), limit=3)
    assert len(found) == 1
    (loop,) = found
    assert (loop.channel, loop.through, loop.journeys) == ("a", "b", 5.0)
    assert loop.rate == pytest.approx(4 / 5)
    assert loop.rate_without == pytest.approx(1 / 5)
    assert loop.share == pytest.approx(0.5)


@given(JOURNEYS, st.integers(1, 6))
def test_every_step_adds_up(journeys, depth):
    found = steps.drop_off(paths_of(journeys), depth=depth)
    total = sum(c + n for _, c, n in journeys)
    if total:
        assert found[0].reached == total
    for step, following in pairwise(found):
        assert step.reached == step.converted + step.lost + step.continued
        assert following.reached == step.continued


@given(JOURNEYS)
def test_every_journey_leaves_at_one_channel(journeys):
    found = steps.exits(paths_of(journeys))
    assert sum(each.converted for each in found) == sum(c for _, c, _ in journeys)
    assert sum(each.lost for each in found) == sum(n for _, _, n in journeys)
    assert all(each.continued >= 0 for each in found)


@given(JOURNEYS, st.integers(1, 4), st.integers(1, 4), st.booleans())
def test_what_flows_into_a_node_flows_out(journeys, depth, most, converting):
    links = steps.flows(paths_of(journeys), steps=depth, most=most, converting=converting)
    into, out = Counter(), Counter()
    for link in links:
        out[link.source] += link.journeys
        into[link.target] += link.journeys
        assert link.source[0] < link.target[0]
    ends = {node for node in into if node[0] == depth + 1}
    for node in set(out) & set(into):
        assert out[node] == into[node]
    total = sum(c + (0 if converting else n) for _, c, n in journeys)
    assert sum(amount for node, amount in out.items() if node[0] == 0) == total
    assert sum(into[node] for node in ends) == total
    names = {label for node in (*into, *out) for label in [node[1]] if node[0] < depth}
    assert len(names) <= most + 1


def test_it_does_not_fail_without_journeys():
    nothing = paths_of([])
    assert top.top(nothing, limit=5).rows == ()
    assert top.loops(nothing, limit=5) == ()
    assert steps.drop_off(nothing, depth=3) == ()
    assert steps.exits(nothing) == ()
    assert steps.flows(nothing, steps=3, most=3, converting=False) == ()
    assert shape.grouped(nothing).journeys == 0
