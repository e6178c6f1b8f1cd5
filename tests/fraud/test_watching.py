"""A publisher that turns fraudulent is an alert: who, since when, how much was spent; once."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from alerts import queries as alerts
from alerts.contracts import Severity, State
from attribution import handlers
from fraud import watching
from simulation.installs import clean_times
from tests.attribution.stories import click, purchase, spend

DAY0 = datetime(2026, 9, 1, tzinfo=UTC)
NOW = DAY0 + timedelta(days=20)
SOURCES = ("north", "east", "south", "<i>turncoat</i>")
PER_DAY = 12
TURNS = 17


def story(*, turns=TURNS, until=20):
    """Four publishers' installs, day by day; the last one hijacks from a day on."""
    rng, events, number = np.random.default_rng(3), [], 0
    for day in range(until):
        for source in SOURCES:
            for seconds in clean_times(PER_DAY, rng):
                false = source == SOURCES[-1] and day >= turns and rng.random() < 0.8
                took = rng.uniform(3, 10) if false else min(float(seconds), 80_000.0)
                at, who = day + rng.random() * 0.05, f"p{number}"
                events.append(click(2 * number + 1, who, at, source))
                ended = at + took / 86_400
                events.append(purchase(2 * number + 2, who, ended, conversion_type="install"))
                number += 1
    # As the shop told what each publisher cost, 10 a day.
    for day in range(until):
        for source in SOURCES:
            number += 1
            events.append(spend(90_000 + number, day, "Display", 10.0, source=source))
    return events


@pytest.fixture
def shop(acme, as_tenant, monkeypatch):
    from alerts import planning

    monkeypatch.setattr(planning, "_wake", lambda _: None)
    with as_tenant(acme):
        yield acme


def test_it_names_the_publisher_since_when_and_what_was_spent_once(shop):
    handlers.handle(story())
    watching.watch(now=NOW)
    watching.watch(now=NOW + timedelta(seconds=20))

    (found,) = alerts.alerts().items
    assert found.kind == "fraud.publisher"
    assert found.key == "install_hijack:<i>turncoat</i>"
    assert abs(found.since - (DAY0 + timedelta(days=TURNS))) < timedelta(days=1)
    facts = {fact.label: fact.value for fact in found.facts}
    assert facts["Publisher"] == "<i>turncoat</i>"
    assert facts["Spent there since"] == "30.00 EUR"
    assert found.seen == 2
    assert found.path.endswith("?source=%3Ci%3Eturncoat%3C%2Fi%3E")
    assert [point.value > 50 for point in found.series][-3:] == [True, True, True]


def test_it_is_critical_when_most_are_false(shop):
    handlers.handle(story())
    watching.watch(now=NOW)
    assert alerts.alerts().items[0].severity is Severity.CRITICAL


def test_clean_publishers_raise_nothing(shop):
    handlers.handle(story(turns=99))
    watching.watch(now=NOW)
    assert not alerts.alerts().items


def test_what_is_found_no_more_is_resolved(shop):
    handlers.handle(story())
    watching.watch(now=NOW)
    watching.watch(now=NOW + timedelta(days=60))
    assert alerts.alerts().items[0].state is State.RESOLVED


def test_a_rival_hears_nothing(shop, rival, as_tenant):
    handlers.handle(story())
    watching.watch(now=NOW)
    with as_tenant(rival):
        watching.watch(now=NOW)
        assert not alerts.alerts().items
