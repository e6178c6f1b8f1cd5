"""Intervals of reports: computed once, moved with the figures, left to the worker when heavy."""

from datetime import date

import pytest

from attribution import handlers, queries, tasks
from attribution.contracts import By, Model
from attribution.projection import certainty
from tests.attribution.stories import click, purchase

RANGE = {"start": date(2026, 9, 1), "end": date(2026, 9, 30)}


def people(first, last, channel="Email"):
    return [
        event
        for person in range(first, last)
        for event in (
            click(2 * person + 1, f"p{person}", person % 9, channel),
            purchase(2 * person + 2, f"p{person}", 1 + person % 9, 10.0),
        )
    ]


@pytest.fixture
def shop(acme, as_tenant):
    with as_tenant(acme):
        handlers.handle(people(0, 40))
        handlers.handle(people(40, 60, "Display"))
    return acme


def counted(monkeypatch):
    calls = []
    honest = certainty._bounds
    monkeypatch.setattr(
        certainty, "_bounds", lambda *given: calls.append(given[0]) or honest(*given)
    )
    return calls


def test_a_few_more_conversions_move_the_interval_without_computing_it_again(
    shop, as_tenant, monkeypatch
):
    calls = counted(monkeypatch)
    with as_tenant(shop):
        before = queries.attribution(model=Model.LINEAR, **RANGE).rows[0]
        handlers.handle(people(60, 62))
        after = queries.attribution(model=Model.LINEAR, **RANGE).rows[0]
        assert (before.conversions, after.conversions) == (40.0, 42.0)
        assert after.conversions_low == pytest.approx(before.conversions_low * 42 / 40)
        assert calls == [Model.LINEAR]
        handlers.handle(people(62, 90))
        queries.attribution(model=Model.LINEAR, **RANGE)
        assert calls == [Model.LINEAR, Model.LINEAR]


def test_very_many_journeys_are_left_to_the_worker(shop, as_tenant, monkeypatch):
    asked = []
    monkeypatch.setattr(certainty, "PATIENCE", 10)
    monkeypatch.setattr(tasks.intervals, "delay", lambda **given: asked.append(given))
    with as_tenant(shop):
        for _ in range(2):
            found = queries.attribution(model=Model.MARKOV, order=2, **RANGE)
            assert found.pending
            assert found.rows[0].conversions_low is None
    (given,) = asked  # asked for once
    assert given["schema"] == shop.schema_name
    tasks.intervals(**given)
    with as_tenant(shop):
        found = queries.attribution(model=Model.MARKOV, order=2, **RANGE)
        assert not found.pending
        assert found.rows[0].conversions_low < found.rows[0].conversions


def test_a_rival_has_intervals_of_their_own(shop, rival, as_tenant):
    with as_tenant(shop):
        mine = queries.attribution(model=Model.LINEAR, **RANGE).rows[0]
    with as_tenant(rival):
        assert queries.attribution(model=Model.LINEAR, **RANGE).rows == ()
        handlers.handle(people(0, 3))
        theirs = queries.attribution(model=Model.LINEAR, by=By.CHANNEL, **RANGE).rows[0]
    assert theirs.conversions_high < mine.conversions_low
