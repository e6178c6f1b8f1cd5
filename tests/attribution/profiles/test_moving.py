"""Moving people between profiles: the stores are exactly those of a rebuild under the new ones."""

import msgspec
import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attribution import handlers, queries
from attribution.contracts import Model
from attribution.models import ProfileMember
from attribution.profiles import store
from attribution.profiles.moving import move
from attribution.projection import names
from attribution.store.words import NO_PROFILE, device_and_profile, segment_of
from eventlog.subjects import keys
from tests.attribution.stories import START, click, identified, purchase
from tests.attribution.test_handlers import contents, from_journeys, from_stores, logs

PLACES = st.dictionaries(
    st.sampled_from(["a1", "a2", "a3", "u1", "u2"]),
    st.tuples(st.integers(0, 2), st.floats(0, 1)),
    max_size=5,
)
DAY = START.date()


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


def profiles(*found):
    store.begin([store.Kept(number=n, name=name, people=0, details={}) for n, name in found])


def without_erased(places, events):
    """Whom ``move`` would leave out by the keys that an erasure deletes (a test of its own)."""
    told = [msgspec.json.decode(e.payload) for e in events if e.type == "subject.erased"]
    erased = {subject for each in told for subject in each["subjects"]}
    return {person: place for person, place in places.items() if person not in erased}


@pytest.mark.usefixtures("in_acme")
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(logs(), st.integers(0, 24), PLACES, PLACES)
def test_whoever_moves_when_the_stores_are_those_of_a_rebuild(events, cut, first, second):
    handlers.reset()
    ProfileMember.objects.all().delete()
    profiles((1, "Deal Hunter"), (2, "Loyalist"))
    handlers.handle(events[:cut])
    move(without_erased(first, events[:cut]))
    handlers.handle(events[cut:])
    move(without_erased(second, events))
    moved = contents()
    assert from_stores() == from_journeys()
    handlers.reset()
    handlers.handle(events)
    assert contents() == moved


@pytest.mark.usefixtures("in_acme")
def test_a_report_may_be_of_a_profile_of_a_device_or_of_both():
    events = [
        click(1, "a", 0, device="mobile"),
        purchase(2, "a", 0.5),
        click(3, "b", 0, device="desktop"),
        purchase(4, "b", 0.5),
        click(5, "c", 0, device="mobile"),
        purchase(6, "c", 0.5),
    ]
    handlers.handle(events)
    assert queries.segments() == ("desktop", "mobile")
    profiles((1, "Deal Hunter"))
    assert move({"a": (1, 0.5), "b": (1, 0.4)}) == 2

    def seen(segment):
        found = queries.attribution(
            model=Model.LAST, start=DAY, end=DAY, intervals=False, segment=segment
        )
        return found.totals.conversions, found.totals.touches

    assert seen("all") == (3, 3)
    assert seen("mobile") == (2, 2)
    assert seen("Deal Hunter") == (2, 2)
    assert seen("Deal Hunter, mobile") == (1, 1)
    assert seen(NO_PROFILE) == (1, 1)
    assert queries.segments() == ("Deal Hunter", NO_PROFILE, "desktop", "mobile")


@pytest.mark.usefixtures("in_acme")
def test_who_comes_back_is_counted_under_their_profile():
    handlers.handle([click(1, "a", 0)])
    profiles((1, "Loyalist"))
    move({"a": (1, 0.5)})
    handlers.handle([click(2, "a", 0.1), purchase(3, "a", 0.2)])
    found = queries.attribution(
        model=Model.LAST, start=DAY, end=DAY, intervals=False, segment="Loyalist"
    )
    assert (found.totals.conversions, found.totals.touches) == (1, 2)


@pytest.mark.usefixtures("in_acme")
def test_who_turns_out_to_be_another_is_counted_under_their_profile():
    handlers.handle([click(1, "b", 0), click(2, "a", 0)])
    profiles((1, "Loyalist"), (2, "Deal Hunter"))
    move({"a": (1, 0.5), "b": (2, 0.5)})
    handlers.handle([identified(3, "b", "a")])
    found = queries.attribution(
        model=Model.LAST, start=DAY, end=DAY, intervals=False, segment="Loyalist"
    )
    assert (found.totals.journeys, found.totals.touches) == (1, 2)


@pytest.mark.usefixtures("in_acme")
def test_a_profile_that_is_no_more_goes_when_its_last_member_has():
    handlers.handle([click(1, "a", 0)])
    profiles((1, "Loyalist"))
    move({"a": (1, 0.5)})
    profiles((2, "Loyalist"))
    assert "Loyalist, mobile" in names.segments().values()
    store.finish()
    assert "Earlier profile 1" in names.segment_groups()
    move({"a": (2, 0.5)})
    store.finish()
    assert "Earlier profile 1" not in names.segment_groups()


@given(st.integers(0, 3), st.integers(0, 5_000))
def test_a_segment_is_a_device_and_a_profile(device, profile):
    assert device_and_profile(segment_of(device, profile)) == (device, profile)


@pytest.mark.usefixtures("in_acme")
def test_who_was_erased_while_profiles_were_looked_for_gets_none():
    profiles((1, "Deal Hunter"))
    with transaction.atomic():
        keys.erase(["a1"], now=START)

    move({"a1": (1, 0.9), "a2": (1, 0.8)})

    assert list(ProfileMember.objects.values_list("person", flat=True)) == ["a2"]
