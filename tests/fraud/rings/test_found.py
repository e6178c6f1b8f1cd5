"""Rings: who hangs together, who does not; names that stay."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from fraud.rings.found import name_of, rings
from fraud.rings.graph import CROWD, LINKING, different, graph, hubs
from fraud.rings.naming import renamed
from tests.fraud.rings.told import shelf, suspicious

FEW = st.integers(1, 6)
ENTITIES = st.fixed_dictionaries(
    {}, optional=dict.fromkeys(("subject", "device", "agent", "ip", "publisher"), FEW)
)
CASES = st.lists(st.tuples(ENTITIES, st.booleans()), max_size=40).map(
    lambda rows: [
        suspicious(number, cellular=cellular, **entities)
        for number, (entities, cellular) in enumerate(rows, 1)
    ]
)
BRIDGE = [suspicious(1_000 + ip, subject=1, ip=ip) for ip in (900, 901)]
"""One person on two addresses."""


def found(cases):
    return rings(cases, events=2, members=1)


def test_a_shelf_of_devices_is_a_ring():
    (ring,) = rings(shelf(devices=6, each=2))

    assert (len(ring.events), ring.persons, ring.devices, ring.addresses) == (12, 6, 6, 1)
    assert (ring.publishers, ring.kinds, ring.value) == (
        ((77.0, 12),), (("device_farm", 12),), 12.0
    )  # fmt: skip
    assert (ring.last - ring.first).total_seconds() == 11 * 60


def test_too_few_events_or_members_are_none():
    assert rings(shelf(devices=4, each=9)) == ()
    assert rings(shelf(devices=9, each=1)) == ()


def test_a_publisher_joins_nobody():
    two = [*shelf(ip=900), *shelf(ip=901, first=100)]

    assert [each.addresses for each in rings(two)] == [1, 1]


def test_a_carriers_address_joins_nobody():
    assert rings(shelf(cellular=True)) == ()
    assert hubs(shelf(cellular=True)) == {("ip", 900.0)}


def test_one_person_on_two_addresses_joins_them():
    (ring,) = rings([*shelf(ip=900), *shelf(ip=901, first=100), *BRIDGE])

    assert (len(ring.events), ring.addresses) == (26, 2)


def test_an_address_of_a_crowd_and_all_publishers_joins_nobody_but_a_large_farms_does():
    crowd = range(CROWD + 10)
    mixed = [suspicious(n, subject=n, ip=9, publisher=n % 6) for n in crowd]
    farm = [suspicious(n, subject=n, ip=9, publisher=1 + (n % 20 == 0)) for n in crowd]

    assert rings(mixed) == ()
    assert rings(farm)[0].persons == len(crowd)


def test_evenly_used_ones_count_as_many_as_there_are():
    assert different([5, 5, 5]) == 3.0
    assert 1.0 < different([98, 1, 1]) < 1.1
    assert different([]) == 0.0


@given(CASES)
def test_what_is_joined_hangs_together(cases):
    for ring in found(cases):
        held = [each for each in cases if each.event in ring.events]
        joined = {member: {member} for member in ring.members}
        for case in held:
            inside = [each for each in case.path() if each in joined]
            for one, other in pairwise(inside):
                both = joined[one] | joined[other]
                joined |= dict.fromkeys(both, both)
        assert {frozenset(each) for each in joined.values()} == {frozenset(ring.members)}


@given(CASES)
def test_rings_have_nothing_in_common(cases):
    events = [event for ring in found(cases) for event in ring.events]
    members = [member for ring in found(cases) for member in ring.members]

    assert len(events) == len(set(events))
    assert len(members) == len(set(members))
    assert {sort for sort, _ in members} <= set(LINKING)


@given(CASES, st.randoms())
def test_the_order_of_events_changes_nothing(cases, random):
    shuffled = random.sample(cases, len(cases))

    assert found(shuffled) == found(cases)
    assert graph(shuffled) == graph(cases)
    assert list(graph(shuffled).nodes) == list(graph(cases).nodes)


@given(CASES)
def test_a_strangers_event_leaves_the_others_as_they_are(cases):
    stranger = suspicious(99, subject=70, device=71, ip=72, publisher=1)

    assert found([*cases, stranger]) == found(cases)


@given(CASES)
def test_an_event_joins_its_members(cases):
    whole = graph(cases)

    assert sum(whole.edges.values()) == sum(max(len(each.path()) - 1, 0) for each in cases)
    assert set(whole.nodes) >= {member for pair in whole.edges for member in pair}


def test_a_ring_keeps_its_name_while_it_grows():
    before = shelf()
    (small,) = rings(before)
    (large,) = rings([*before, *shelf(devices=9, first=100)])

    assert large.id == small.id == name_of(before[0].event)
    assert len(large.events) > len(small.events)


def test_a_ring_is_known_again_when_its_oldest_event_is_out_of_sight_or_an_older_one_comes():
    cases = shelf()
    known = rings(cases)
    older = suspicious(999, after=-5, subject=900_000, ip=900)

    for later in (rings(cases[1:]), rings([*cases, older])):
        assert later[0].id != known[0].id
        assert renamed(later, known)[0].id == known[0].id


def test_of_two_halves_the_one_with_the_older_name_keeps_it():
    whole = rings([*shelf(ip=900), *shelf(ip=901, first=100), *BRIDGE])
    halves = rings([*shelf(ip=900), *shelf(ip=901, devices=9, first=100)])

    names = {each.id: each.devices for each in renamed(halves, whole)}

    assert len(names) == 2
    assert names[whole[0].id] == 6


def test_the_name_goes_to_the_half_that_shares_most():
    whole = rings([*shelf(ip=900), *shelf(ip=901, devices=9, first=100), *BRIDGE])
    halves = rings([*shelf(ip=900)[1:], *shelf(ip=901, devices=9, first=100)])

    again = {each.devices: each.id for each in renamed(halves, whole)}

    assert again[9] == whole[0].id
    assert again[6] != whole[0].id


@given(CASES, CASES)
def test_no_name_is_given_twice(cases, others):
    earlier = tuple(replace(each, id=f"{each.id[:-1]}x") for each in found(others))
    names = [each.id for each in renamed(found(cases), (*earlier, *found(others)))]

    assert len(names) == len(set(names))
