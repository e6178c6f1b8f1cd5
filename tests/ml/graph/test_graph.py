"""Who was seen with whom."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.graph.built import built
from ml.graph.served import Packed, Ring

ids = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=30
)


def apart(rows):
    """Ids of three sorts, none in common; 0 is nobody."""
    found = np.array(rows, dtype=float)
    return np.where(found > 0, found + 10.0 * np.arange(3), 0.0)


@given(ids)
def test_it_joins_those_an_event_names_and_nobody_else(rows):
    told = apart(rows)
    graph = built(told, np.zeros((len(rows), 1)))

    pairs = {tuple(graph.ids[each].tolist()) for each in graph.edges.T}

    expected = {
        (one, other)
        for row in told.tolist()
        for one in row
        for other in row
        if one and other and one != other
    }
    assert pairs == expected
    assert graph.edges.shape[1] == len(expected)
    assert graph.events.sum() == (told > 0).sum()


@given(ids, st.randoms(use_true_random=False))
def test_it_does_not_matter_in_which_order_events_came(rows, random):
    mixed = random.sample(rows, len(rows))

    one, other = (built(apart(each), np.zeros((len(each), 1))) for each in (rows, mixed))

    assert one.ids.tolist() == other.ids.tolist()
    assert one.edges.tolist() == other.edges.tolist()
    assert one.values.tolist() == other.values.tolist()


def test_whom_nobody_knows_adds_nothing():
    ids_, scores = np.array([3.0, 5.0]), np.array([2.0, -1.0], dtype=np.float32)
    ring = Ring(Packed(ids=ids_.tobytes(), scores=scores.tobytes(), base=-4.0))

    found = ring.margins(np.array([[3.0, 5.0, 0.0], [4.0, 0.0, 9.0], [3.0, 0.0, 0.0]]))

    assert found.tolist() == [-3.0, -4.0, -2.0]


def test_it_finds_newcomers_of_a_ring_by_whom_they_are_seen_with():
    pytest.importorskip("torch")
    from ml.graph.network import fit

    rng = np.random.default_rng(1)
    false = rng.random(3_000) < 0.2
    # A ring shares twelve addresses; devices are new each time, on both sides.
    ip = np.where(false, rng.integers(100, 112, 3_000), rng.integers(1_000, 3_000, 3_000))
    told = np.stack([10_000.0 + np.arange(3_000), ip, np.full(3_000, 50.0)], axis=1).astype(float)
    said = rng.normal(size=(3_000, 2))

    fitted = fit(told[:2_000], said[:2_000], false[:2_000].astype(float), seed=1, rounds=80)
    margins = Ring(fitted.table(told, said)).margins(told)[2_000:]

    assert margins[false[2_000:]].min() > margins[~false[2_000:]].max()
