"""Histories: sets of acts; neither batches nor the time of stitching leave a trace."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attribution.behaviour import history
from attribution.behaviour.history import histories, joined

ACTS = st.lists(st.tuples(st.integers(0, 50), st.integers(0, 2**18 - 1)), max_size=30)


@given(ACTS, st.integers(0, 30))
def test_it_comes_out_the_same_in_any_batches(acts, cut):
    assert joined(joined(b"", acts[:cut]), acts[cut:]) == joined(b"", acts)
    assert joined(b"", acts[::-1]) == joined(b"", acts)


@given(ACTS, ACTS)
def test_it_is_one_history_whichever_subject_did_it(left, right):
    apart = histories([joined(b"", left), joined(b"", right)], np.array([0, 0]), 1)
    together = histories([joined(b"", left + right)], np.array([0]), 1)
    np.testing.assert_array_equal(apart.at, together.at)
    np.testing.assert_array_equal(apart.page, together.page)
    assert len(apart.at) == len(left) + len(right)


def test_it_keeps_the_newest(monkeypatch):
    monkeypatch.setattr(history, "MOST", 3)
    acts = [(at, 0) for at in range(6)]
    known = joined(b"", acts[:4])
    assert joined(known, acts[4:]) == joined(b"", acts)
    seen = histories([known, joined(b"", acts[4:])], np.array([0, 0]), 2)
    assert seen.at.tolist() == [3, 4, 5]
    assert seen.offsets.tolist() == [0, 3, 3]


def test_it_is_nothing_for_nobody():
    seen = histories([], np.zeros(0, dtype=np.int64), 0)
    assert (len(seen), len(seen.at)) == (0, 0)
