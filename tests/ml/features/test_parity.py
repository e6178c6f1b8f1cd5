"""Both engines come to the same bits, whatever happens in whatever order."""

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ml.features import Replay
from ml.features.layout import READING_WIDTH
from tests.ml.features.drawn import ENTITIES, happening, part, streams

ours = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150)


def same(one, other):
    """Equal bits: NaN in the same places, no rounding forgiven."""
    return np.array_equal(one, other, equal_nan=True)


@ours
@given(events=streams())
def test_it_reads_the_same_online_and_in_replay(events, online):
    batch, live = Replay(ENTITIES), online()

    expected, found = batch.observe(events), live.observe(events)

    assert same(expected[0], found[0])
    assert same(expected[1], found[1])


@ours
@given(events=streams(most=30))
def test_it_does_not_matter_how_events_are_cut_into_batches(events, online):
    whole, parts = Replay(ENTITIES), online()

    expected = whole.observe(events)
    found = [parts.observe(part(events, at, at + 7)) for at in range(0, len(events), 7)]

    assert same(expected[0], np.concatenate([readings for readings, _ in found]))
    assert same(expected[1], np.concatenate([ids for _, ids in found]))


@ours
@given(
    events=streams(most=40),
    wanted=st.fixed_dictionaries(
        {name: st.sets(st.integers(0, READING_WIDTH - 1)) for name in ENTITIES.names}
    ),
)
def test_it_reads_the_same_where_less_is_kept_because_less_is_wanted(events, wanted, online):
    places = {name: sorted(each) for name, each in wanted.items()}

    expected, ids = Replay(ENTITIES).observe(events)
    found, same_ids = online(wanted=places).observe(events)

    assert same(ids, same_ids)
    for entity, name in enumerate(ENTITIES.names):
        assert same(expected[:, entity, places[name]], found[:, entity, places[name]])


@ours
@given(events=streams(most=30))
def test_it_reads_no_event_that_comes_later(events, online):
    """Point in time: cutting the future off changes nothing."""
    half = len(events) // 2

    whole, _ = Replay(ENTITIES).observe(events)
    first, _ = Replay(ENTITIES).observe(part(events, 0, half))

    assert same(whole[:half], first)


@ours
@given(events=streams(most=20))
def test_looking_changes_nothing(events, online):
    live = online()
    live.observe(events)

    once, twice = live.observe(events, counting=False), live.observe(events, counting=False)

    assert same(once[0], twice[0])


def test_it_loads_the_script_again_when_redis_forgot_it(client, online):
    live = online()
    live.observe(happening((1.0, 3, {"subject": 1})))
    client.script_flush()

    readings, _ = live.observe(happening((2.0, 3, {"subject": 1})))

    assert readings[0, 0, 0] == 1.0


def test_states_of_two_tenants_stay_apart(online):
    mine, theirs = online(), online()
    mine.observe(happening((1.0, 3, {"subject": 1})))

    readings, _ = theirs.observe(happening((2.0, 3, {"subject": 1})))

    assert np.isnan(readings[0, 0, 0])


def test_a_state_goes_by_itself(client, online):
    live = online()
    live.observe(happening((1.0, 3, {"subject": 1})))

    [key] = client.scan_iter(f"{live._prefix}*")

    assert 30 * 86_400 < client.ttl(key) <= 31 * 86_400
