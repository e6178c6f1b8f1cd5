"""Whose last events a window holds."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ml.sequence.windows import LENGTH, Histories, previous, scaling


def histories(ids):
    ids = np.array(ids, dtype=float)
    steps = np.arange(ids.size, dtype=np.float32)[:, None]
    return ids, Histories(names=["place"], steps=steps, before=previous(ids))


@given(st.lists(st.integers(0, 4), min_size=1, max_size=40))
def test_it_holds_the_persons_own_events_up_to_the_event(drawn):
    ids, held = histories(drawn)

    for place, whom in enumerate(ids):
        own = [each for each in range(place + 1) if ids[each] == whom] if whom else [place]
        assert held.window(place)[:, 0].tolist() == own


def test_it_holds_at_most_the_latest_hundred():
    _, held = histories([7] * 130)

    assert held.window(129)[:, 0].tolist() == list(range(30, 130))
    assert len(held.window(129)) == LENGTH


def test_it_gives_many_as_it_gives_each():
    _, held = histories([1, 2, 1, 1, 2, 3])

    found, lengths = held.windows(np.arange(6))

    for place in range(6):
        assert found[place, : lengths[place]].tolist() == held.window(place).tolist()
        assert not found[place, lengths[place] :].any()


def test_it_takes_the_unknown_for_the_mean_and_nothing_for_endless():
    steps = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan], [1e30, 2.0]], np.float32)

    scaled = scaling(steps)(steps)

    assert scaled[2].tolist() == [0.0, 0.0]
    assert np.isfinite(scaled).all()
    assert np.abs(scaled).max() <= 5.0
