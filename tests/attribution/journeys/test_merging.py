"""Two reports of one conversion count once: which ones, and whose."""

from hypothesis import given
from hypothesis import strategies as st

from attribution.journeys.merging import MICROSECONDS_PER_MINUTE, Report, merged


def report(position, minute, origin, *, value=10, order="", person="ann", kind=1):
    return Report(
        position, position, person, minute * MICROSECONDS_PER_MINUTE, kind, value, order, origin
    )


def test_it_is_off_by_default():
    assert merged([report(1, 0, "pixel"), report(2, 0, "crm")], sources=(), minutes=0) == {}


def test_two_sources_within_the_minutes_are_one():
    found = merged([report(1, 0, "pixel"), report(2, 5, "crm")], sources=(), minutes=5)

    assert found == {2: 1}


def test_the_preferred_source_counts():
    found = merged([report(1, 0, "pixel"), report(2, 5, "crm")], sources=("crm",), minutes=5)

    assert found == {1: 2}


def test_one_source_may_tell_of_two():
    assert merged([report(1, 0, "pixel"), report(2, 1, "pixel")], sources=(), minutes=5) == {}


def test_beyond_the_minutes_they_are_two():
    assert merged([report(1, 0, "pixel"), report(2, 6, "crm")], sources=(), minutes=5) == {}


def test_other_people_values_and_types_are_others():
    told = [
        report(1, 0, "pixel"),
        report(2, 0, "crm", value=11),
        report(3, 0, "server", kind=2),
        report(4, 0, "shop", person="bob"),
    ]

    assert merged(told, sources=(), minutes=5) == {}


def test_two_order_ids_are_two_orders_and_none_fits_either():
    told = [report(1, 0, "pixel", order="a"), report(2, 0, "crm", order="b"), report(3, 1, "shop")]

    assert merged(told, sources=(), minutes=5) == {3: 1}


reports = st.lists(
    st.builds(
        report,
        st.integers(1, 10_000),
        st.integers(0, 30),
        st.sampled_from(["pixel", "crm", "server"]),
        value=st.integers(1, 2),
        order=st.sampled_from(["", "", "a", "b"]),
    ),
    max_size=12,
    unique_by=lambda each: each.position,
)


@given(reports, st.integers(1, 20), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter_and_what_counts_is_merged_into_nothing(
    told, minutes, random
):
    mixed = list(told)
    random.shuffle(mixed)

    found = merged(told, sources=("crm",), minutes=minutes)

    assert merged(mixed, sources=("crm",), minutes=minutes) == found
    assert not set(found.values()) & found.keys()
