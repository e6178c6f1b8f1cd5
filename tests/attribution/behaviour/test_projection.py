"""What subjects did, as a read model: incremental equals rebuilt, whoever they turn out to be."""

import numpy as np
import pytest
from django.db import connection

from attribution import handlers
from attribution.behaviour import projection
from tests.attribution.stories import click, erased, identified, purchase, stored


def page(position, subject, day, path):
    url = f"https://shop.example/{path}"
    return stored(position, "web.page", subject, day, {"page": {"url": url}, "device": "mobile"})


EVENTS = [
    page(1, "b", 3, "tents/ridge"),
    click(2, "a", 1),
    page(3, "a", 1.01, "sale"),
    identified(4, "b", "a", 4),
    purchase(5, "b", 5),
    page(6, "b", 2, "search?q=cheap+tent"),
    stored(7, "custom.tracked", "c", 1, {"name": "Video Paused"}),
]


@pytest.fixture
def in_acme(acme, as_tenant):
    with as_tenant(acme):
        yield


def contents():
    with connection.cursor() as cursor:
        cursor.execute("SELECT subject, acts FROM attribution_behaviour ORDER BY subject")
        return [(subject, bytes(acts)) for subject, acts in cursor.fetchall()]


@pytest.mark.usefixtures("in_acme")
@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_it_is_the_same_in_any_batches(size):
    projection.handle(EVENTS)
    whole = contents()
    projection.reset()
    assert contents() == []
    for low in range(0, len(EVENTS), size):
        projection.handle(EVENTS[low : low + size])
    assert contents() == whole
    assert [subject for subject, _ in whole] == ["a", "b"]


@pytest.mark.usefixtures("in_acme")
def test_it_brings_the_subjects_of_a_person_together():
    projection.handle(EVENTS)
    handlers.handle(EVENTS)
    people, seen = projection.everybody()
    assert people == ("a",)
    assert len(seen.at) == 5
    assert np.all(np.diff(seen.at) >= 0)


@pytest.mark.usefixtures("in_acme")
def test_it_knows_nobody_before_anything_happened():
    people, seen = projection.everybody()
    assert (people, len(seen)) == ((), 0)


def test_it_stays_with_its_tenant(acme, rival, as_tenant):
    with as_tenant(acme):
        projection.handle(EVENTS)
    with as_tenant(rival):
        assert projection.everybody()[0] == ()


@pytest.mark.usefixtures("in_acme")
@pytest.mark.parametrize("size", [1, 2, 3, 9])
def test_it_forgets_who_is_erased_and_knows_who_comes_back_anew(size):
    story = [*EVENTS, erased(8, "b"), page(9, "b", 6, "tents/dome")]
    for low in range(0, len(story), size):
        projection.handle(story[low : low + size])
    left = contents()
    projection.reset()
    projection.handle([event for event in story if event.subject != "b" or event.position == 9])
    assert left == contents()
