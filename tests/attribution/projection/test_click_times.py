"""Times from the last ad click to a conversion, by source."""

from datetime import date

import pytest

from attribution import handlers, queries
from attribution.projection import click_times
from tests.attribution.stories import click, purchase, source_rejected, view

SEPTEMBER = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


@pytest.fixture
def story(acme, as_tenant):
    """Ada clicked twice, Bob only saw an ad, Eve clicked and did nothing, Sue came by herself."""
    events = [
        click(1, "ada", 1, "Paid Search"),
        click(2, "ada", 2, "Email"),
        view(3, "ada", 2.5),
        purchase(4, "ada", 3, conversion_type="install"),
        view(5, "bob", 1),
        purchase(6, "bob", 2, conversion_type="install"),
        click(7, "eve", 4, "Paid Search"),
        purchase(8, "sue", 5, conversion_type="install"),
        click(9, "zoe", 5, "Email"),
        purchase(10, "zoe", 6),
    ]
    with as_tenant(acme):
        handlers.handle(events)
    return acme


def seen(**asked):
    found = queries.click_times(**{**SEPTEMBER, "conversion_type": "install", **asked})
    times = [
        (found.sources[place], s) for place, s in zip(found.source, found.seconds, strict=True)
    ]
    return found, times


def test_it_is_the_time_since_the_last_click(story, as_tenant):
    with as_tenant(story):
        found, times = seen()
    assert times == [("email", 86_400.0)]
    assert dict(zip(found.sources, found.clicks, strict=True)) == {"email": 2, "paid search": 2}
    assert (found.conversions, found.complete) == (3, True)


def test_each_type_and_day_by_itself(story, as_tenant):
    with as_tenant(story):
        assert seen(conversion_type="purchase")[1] == [("email", 86_400.0)]
        assert seen(conversion_type="lead")[1] == []
        assert seen(end=date(2026, 9, 3))[0].conversions == 1
        assert seen(start=date(2026, 9, 5))[1] == []


def test_rejected_touches_claim_nothing(story, as_tenant):
    with as_tenant(story):
        handlers.handle([source_rejected(11, "email")])
        while handlers.settle():
            pass
        assert seen()[1] == [("paid search", 2 * 86_400.0)]


def test_the_newest_are_looked_at_where_there_are_too_many(story, as_tenant, monkeypatch):
    monkeypatch.setattr(click_times, "MOST", 1)
    with as_tenant(story):
        found, _ = seen()
    assert (found.conversions, found.complete) == (1, False)


def test_a_rival_sees_nothing(story, rival, as_tenant):
    with as_tenant(rival):
        found, times = seen()
    assert (found.sources, times, found.conversions) == ((), [], 0)
