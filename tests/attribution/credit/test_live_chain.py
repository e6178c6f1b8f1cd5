"""Journeys one by one give what all of them give at once, also when some are taken back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attribution.credit import CreditError, LiveChain, parse, transition_counts
from attribution.credit.chain import removal_effects
from tests.attribution.credit.journeys import FRAMES

JOURNEY = st.tuples(
    st.lists(st.sampled_from("abcdefghij"), min_size=1, max_size=7),
    st.integers(0, 4),
    st.integers(0, 4),
    st.integers(0, 9_000),
)
CHANGES = st.lists(st.tuples(JOURNEY, st.integers(0, 3)), min_size=1, max_size=40)


def amounts(journey):
    _, conversions, nulls, value = journey
    return {"conversions": conversions, "nulls": nulls, "value": value * (conversions > 0)}


def rescan(journeys):
    journeys = [journey for journey in journeys if journey[1] + journey[2]]
    rows = {
        "path": [" > ".join(journey[0]) for journey in journeys],
        **{
            name: [amounts(journey)[name] for journey in journeys]
            for name in ("conversions", "nulls", "value")
        },
    }
    return transition_counts(parse(rows))


def assert_equal(live, counts):
    """Counts to the last unit, effects up to rounding; channels by name."""

    def named(found):
        names = (*found.channels,)
        base = len(names) + 1
        return {
            (*((None, *names)[digit] for digit in divmod(int(key), base)),): tuple(edge)
            for key, edge in zip(found.keys, found.edges.tolist(), strict=True)
            if any(edge)
        }

    assert named(live.counts()) == named(counts)
    found, batch = live.effects(), removal_effects(counts)
    place = [live.channels.index(name) for name in counts.channels]
    np.testing.assert_allclose(found.removal[place], batch.removal, atol=1e-11)
    gone = np.setdiff1d(np.arange(len(live.channels)), place)
    assert (found.removal[gone] == 0).all()
    np.testing.assert_allclose(found.expected, batch.expected, rtol=1e-11, atol=1e-13)


@settings(max_examples=100, deadline=None)
@given(changes=CHANGES)
def test_any_sequence_of_journeys_added_and_taken_back_equals_a_rescan(changes):
    live, present = LiveChain(), []
    for journey, taken in changes:
        if taken == 0 and present:
            gone = present.pop(len(journey[0]) % len(present))
            live.subtract(gone[0], **amounts(gone))
        else:
            present.append(journey)
            live.add(journey[0], **amounts(journey))
        assert_equal(live, rescan(present))


@settings(max_examples=30, deadline=None)
@given(rows=FRAMES)
def test_a_chain_goes_on_from_stored_counts_and_can_be_emptied(rows):
    live = LiveChain.of(transition_counts(parse(rows)))
    for path, conversions, nulls, value in rows[
        ["path", "conversions", "nulls", "value"]
    ].itertuples(index=False):
        live.subtract(
            path.split(" > "), conversions=int(conversions), nulls=int(nulls), value=int(value)
        )
    assert live.counts().keys.size == 0
    assert (live.effects().removal == 0).all()
    live.add(["a"], conversions=1)
    assert live.effects().removal[live.channels.index("a")].tolist() == [1.0, 0.0]


def test_thousands_of_changes_do_not_drift():
    rng = np.random.default_rng(5)
    names = [f"c{number}" for number in range(30)]
    live, present = LiveChain(every=10**9), []
    for number in range(4_000):
        if number % 3 == 2:
            path, converted = present.pop(int(rng.integers(len(present))))
            live.subtract(path, conversions=converted, nulls=1 - converted, value=70 * converted)
        else:
            path = [names[int(at)] for at in rng.zipf(1.5, int(rng.geometric(0.3))) % 30]
            present.append((path, int(rng.integers(2))))
            converted = present[-1][1]
            live.add(path, conversions=converted, nulls=1 - converted, value=70 * converted)
    assert live.rebuilt == 0
    batch = removal_effects(live.counts())
    np.testing.assert_allclose(live.effects().removal, batch.removal, atol=1e-11)


def test_what_rounding_has_spoilt_is_computed_anew():
    live = LiveChain()
    live.add(["a", "b"], conversions=10**15)
    live.add(["b", "a"], nulls=3)
    live.add(["b", "c"], conversions=1)
    live.subtract(["a", "b"], conversions=10**15)
    assert live.effects().removal[:, 0].tolist() == pytest.approx([0.0, 1.0, 1.0])
    assert live.rebuilt == 1


def test_the_inverse_is_computed_anew_after_so_many_journeys():
    live = LiveChain(every=10)
    for _ in range(35):
        live.add(["a", "b"], conversions=1)
    assert live.rebuilt == 3


def test_journeys_that_were_not_counted_are_refused_and_leave_nothing():
    live = LiveChain(["a", "b"])
    live.add(["a", "b"], conversions=2, nulls=1, value=50)
    before = live.counts()
    for path, more in [
        (["a", "b"], {"conversions": 3}),
        (["a", "b"], {"nulls": 2}),
        (["a", "b"], {"conversions": 1, "value": 60}),
        (["a", "b"], {"conversions": 2, "value": 40}),
        (["b"], {"nulls": 1}),
        (["z"], {"nulls": 1}),
        ([], {"nulls": 1}),
        (["a"], {"nulls": -1}),
    ]:
        with pytest.raises(CreditError):
            live.subtract(path, **more)
    with pytest.raises(CreditError):
        live.add(["a"], nulls=1, value=5)
    assert live.channels == ("a", "b")
    np.testing.assert_array_equal(live.counts().edges, before.edges)


def test_it_starts_from_whole_counts_of_order_one_alone():
    paths = parse({"path": ["a > b"], "conversions": [0.5]})
    with pytest.raises(CreditError, match="whole"):
        LiveChain.of(transition_counts(paths))
    with pytest.raises(CreditError, match="order 1"):
        LiveChain.of(transition_counts(paths, 2))
