"""Who is who, from links in any order; whose a shared device is, and when."""

from hypothesis import given
from hypothesis import strategies as st

from attribution.journeys.people import Link, group
from attribution.journeys.rules import SharedDevices

LATEST, TOGETHER = SharedDevices.LATEST, SharedDevices.TOGETHER


def claim(device, user, at):
    return Link(device, user, (at, at, at), claim=True)


def alias(subject, other, at=0):
    return Link(subject, other, (at, at, at), claim=False)


@st.composite
def links(draw):
    names = st.sampled_from(["d1", "d2", "d3", "u1", "u2", "u3"])
    pairs = draw(st.lists(st.tuples(names, names, st.booleans()), max_size=12))
    return [
        Link(subject, other, (place, place, place), is_claim)
        for place, (subject, other, is_claim) in enumerate(pairs)
    ]


@given(links(), st.sampled_from(list(SharedDevices)), st.randoms(use_true_random=False))
def test_the_order_of_links_does_not_matter(some, policy, random):
    mixed = list(some)
    random.shuffle(mixed)

    assert group(mixed, policy) == group(some, policy)


@given(links())
def test_latest_never_joins_whom_together_keeps_apart(some):
    apart, joined = group(some, LATEST), group(some, TOGETHER)

    for subject in apart.person:
        for moment in range(13):
            person = apart.of(subject, (moment, moment, moment))
            assert joined.person[person] == joined.person[subject]


def test_a_device_of_one_person_is_theirs_from_the_beginning():
    found = group([claim("device", "ann", 5)], LATEST)

    assert found.turns == {}
    assert found.of("device", (1, 1, 1)) == found.of("ann", (9, 9, 9)) == "ann"


def test_a_shared_device_belongs_to_whoever_identified_last():
    found = group([claim("device", "ann", 5), claim("device", "bob", 8)], LATEST)

    assert [found.of("device", (at, at, at)) for at in (1, 5, 7, 8, 99)] == [
        "ann", "ann", "ann", "bob", "bob",
    ]  # fmt: skip
    assert found.person["device"] == "bob"


def test_two_names_of_one_person_do_not_share_a_device():
    known = [alias("ann", "anna"), claim("device", "ann", 5), claim("device", "anna", 8)]

    assert group(known, LATEST).turns == {}


def test_together_joins_everybody_who_used_a_device():
    found = group([claim("device", "ann", 5), claim("device", "bob", 8)], TOGETHER)

    assert set(found.person.values()) == {"ann"}
