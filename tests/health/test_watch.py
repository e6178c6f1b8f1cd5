"""The watcher: a stall becomes an incident when it lasts, and not before."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail
from django.db import DatabaseError

from health import watch
from health.contracts import Part, State
from health.models import Incident
from health.registry import Scope

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)


def part(name: str, state: State) -> Part:
    return Part(
        name=name, label=name.title(), state=state, waiting=0, oldest_seconds=0, detail="",
        advice="",
    )  # fmt: skip


@pytest.fixture
def world(monkeypatch, acme):
    """A watcher, the moment it lives in, and the states it finds."""
    found = {"worker": State.WORKING, "database": State.WORKING}
    moment = [NOW]

    def parts(scope, since):
        return tuple(part(*each) for each in found.items()) if scope is Scope.SERVICE else ()

    monkeypatch.setattr(watch.look, "parts", parts)
    # The test's transaction must outlive what the watcher does to its connection.
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    monkeypatch.setattr(watch.connection, "close", lambda: None)
    return watch.Watcher(now=lambda: moment[0]), moment, found


def later(moment, seconds):
    moment[0] += timedelta(seconds=seconds)


def test_a_hiccup_is_no_incident(world):
    watcher, moment, found = world
    found["worker"] = State.STALLED
    watcher.look()
    later(moment, 5)
    found["worker"] = State.WORKING
    watcher.look()
    later(moment, 5)
    found["worker"] = State.STALLED
    watcher.look()
    assert not Incident.objects.exists()


def test_what_lasts_is_opened_with_its_beginning_and_closed(world):
    watcher, moment, found = world
    found["worker"] = State.STALLED
    for _ in range(4):
        watcher.look()
        later(moment, 5)
    incident = Incident.objects.get()
    assert (incident.part, incident.since, incident.closed_at) == ("worker", NOW, None)

    found["worker"] = State.WORKING
    watcher.look()
    incident.refresh_from_db()
    assert incident.closed_at == moment[0]


def test_an_absent_database_is_mailed_at_once_and_written_down_when_it_is_back(world, settings):
    settings.OPERATORS = ["ops@example.com"]
    watcher, moment, found = world
    found["database"] = State.AWAY
    for _ in range(4):
        watcher.look()
        later(moment, 5)
    assert [each.subject for each in mail.outbox] == ["[Touchstone] Database stands still"]

    found["database"] = State.WORKING
    watcher.look()
    incident = Incident.objects.get()
    assert (incident.part, incident.since, incident.closed_at) == ("database", NOW, moment[0])


def test_it_survives_a_database_that_goes_away_while_it_looks(world, monkeypatch):
    watcher, *_ = world

    def gone(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(watch.incidents, "settle", gone)
    watcher.look()
