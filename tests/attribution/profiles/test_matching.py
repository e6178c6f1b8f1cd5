"""Identities: profiles keep their numbers while most of their people stay."""

from hypothesis import given
from hypothesis import strategies as st

from attribution.profiles.matching import identities

A, B, C = frozenset("abcdef"), frozenset("ghijkl"), frozenset("mnopqr")


def test_it_keeps_numbers_whatever_the_order():
    assert identities([B, A], {1: A, 2: B}, last=2) == (2, 1)


def test_it_keeps_a_number_when_some_people_go():
    assert identities([A - {"a"}, B | {"a"}], {1: A, 2: B}, last=2) == (1, 2)


def test_it_never_uses_a_number_again():
    assert identities([A, C], {1: A, 7: B}, last=9) == (1, 10)
    assert identities([A], {}, last=3) == (4,)


@given(
    st.lists(st.frozensets(st.sampled_from("abcdefgh")), max_size=5),
    st.dictionaries(st.integers(1, 9), st.frozensets(st.sampled_from("abcdefgh")), max_size=5),
)
def test_it_gives_each_profile_a_number_of_its_own(members, before):
    found = identities(members, before, last=9)
    assert len(set(found)) == len(found) == len(members)
    assert all(number in before or number > 9 for number in found)
