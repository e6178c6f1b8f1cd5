"""Paths read in bulk are the journeys they were made of."""

from collections import defaultdict
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attribution.store import chains
from tests.attribution.store.journeys import record, stored

walks = st.lists(st.sampled_from([1, 2, 300_000]), min_size=1, max_size=5)
journeys = st.builds(
    record, walks, kind=st.sampled_from([0, 7, 9]), value=st.integers(0, 9 * 10**15)
)


def by_path(paths):
    """Path -> (conversions, nulls, value, squares) of ``Paths``."""
    names = np.array([int(name) for name in paths.channels])
    columns = (paths.conversions, paths.nulls, paths.value, paths.value_squares)
    return {
        tuple(names[paths.tokens[low:high]].tolist()): tuple(each[row] for each in columns)
        for row, (low, high) in enumerate(pairwise(paths.offsets))
    }


@given(st.lists(journeys, max_size=12))
def test_each_path_has_what_its_journeys_have(some):
    expected = defaultdict(lambda: [0, 0, 0, 0])
    for each in some:
        entry = expected[each.channels]
        entry[0] += each.converted
        entry[1] += not each.converted
        entry[2] += each.value
        entry[3] += each.value**2

    found = by_path(chains.paths_of(stored(some)))

    assert found.keys() == expected.keys()
    for path, sums in expected.items():
        assert found[path] == pytest.approx(tuple(sums), rel=1e-12)


def test_value_that_refunds_turned_negative_counts_as_none():
    found = chains.paths_of(stored([record([1], value=5), record([1], value=-9)]))

    assert (found.conversions.tolist(), found.value.tolist()) == ([2.0], [0.0])
    assert found.value_squares.tolist() == [0.0]
