"""What people are told of what was concluded about them: theirs, all of it, and nobody else's."""

import pytest

from attribution import handlers, told
from attribution.models import Profile, ProfileMember
from tests.attribution.stories import click, identified, purchase


@pytest.fixture(autouse=True)
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle([
            click(1, "device", 1, "Email", campaign="autumn"), identified(2, "device", "ann", 2),
            purchase(3, "ann", 3, 12.0), click(4, "ann", 9, "Display"),
            click(5, "bob", 1, "Affiliates"),
        ])  # fmt: skip
        yield


def test_journeys_of_all_that_is_stitched_together():
    for subjects in (["ann"], ["device"], ["ann", "device"]):
        newest, first = told.journeys(subjects)
        assert (newest["outcome"], newest["touches"][0]["channel"]) == ("nothing yet", "Display")
        assert (first["outcome"], first["value"]) == ("purchase", 12.0)
        assert [each["campaign"] for each in first["touches"]] == ["autumn"]


def test_somebody_unknown_is_told_nothing():
    assert told.journeys(["nobody"]) == []
    assert told.profiles(["nobody"]) == []


def test_the_profile_and_how_sure_it_is():
    Profile.objects.create(number=1, name="Loyalist", rank=0, people=2, details={})
    for person, sure in (("ann", 0.7), ("bob", 0.4)):
        ProfileMember.objects.create(person=person, profile=1, sure=sure)
    assert told.profiles(["bob"]) == [{"profile": "Loyalist", "sure": 0.4}]
