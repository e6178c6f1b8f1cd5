"""The drawing of a ring: inside its frame, nothing on top of anything, the same each time."""

import math
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from fraud.rings.graph import Graph, graph
from fraud.rings.layout import MOST_DRAWN, layout, most_seen
from tests.fraud.rings.test_found import CASES
from tests.fraud.rings.told import shelf

SIZES = st.integers(0, 40)


@st.composite
def graphs(draw):
    """So many members of each sort, joined by chance."""
    sorts = ("subject", "device", "agent", "ip", "publisher")
    rows = [[(sort, float(n)) for n in range(1, draw(SIZES) + 1)] for sort in sorts]
    members = [each for row in rows for each in row]
    pairs = st.sampled_from(members) if members else st.nothing()
    edges = draw(st.lists(st.tuples(pairs, pairs), max_size=60)) if members else []
    return Graph(
        nodes=dict.fromkeys(members, 1),
        edges=dict.fromkeys((pair for pair in edges if pair[0][0] != pair[1][0]), 1),
    )  # fmt: skip


@given(graphs())
def test_all_are_inside_and_none_touches_another(whole):
    found = layout(whole)

    assert set(found.places) == set(whole.nodes)
    half = found.room / 2
    for across, down in found.places.values():
        assert half <= across <= 1 - half
        assert half <= down <= 1 - half
    for one, other in combinations(found.places.values(), 2):
        assert math.dist(one, other) >= found.room * (1 - 1e-9)


@given(CASES, st.randoms())
def test_the_same_ring_is_drawn_the_same(cases, random):
    assert layout(graph(cases)) == layout(graph(random.sample(cases, len(cases))))


@given(CASES, st.integers(1, 12))
def test_what_is_drawn_of_a_large_ring_hangs_together(cases, most):
    part = most_seen(graph(cases), most)
    joined = part.neighbours()
    seen, waiting = set(), list(part.nodes)[:1]
    while waiting:
        member = waiting.pop()
        if member not in seen:
            seen.add(member)
            waiting += joined[member]

    assert len(part.nodes) <= most
    # A graph small enough is drawn whole, in however many parts it is.
    assert seen == set(part.nodes) or part == graph(cases)


def test_a_large_ring_has_room_on_a_narrow_screen():
    found = layout(most_seen(graph(shelf(devices=400))))

    assert len(found.places) == MOST_DRAWN
    assert found.room * 343 >= 8


def test_persons_are_beyond_their_devices():
    found = layout(graph(shelf(devices=12)))

    def out(member):
        return math.dist(found.places[member], (0.5, 0.5))

    assert out(("publisher", 77.0)) == 0
    for place in range(12):
        device, person = ("device", 4_500_000.0 + place), ("subject", 900_000.0 + place)
        assert out(person) > out(device) > out(("ip", 900.0))
        assert math.dist(found.places[device], found.places[person]) < out(person)
