"""A tenant's own stream: told when it stops, by its own rhythm, and to nobody else."""

import uuid
from datetime import timedelta

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext

from eventlog.append import append
from eventlog.tenancy import activate, deactivate
from health import incidents, look, watch
from health.contracts import State
from health.models import Incident
from health.probes import stream
from health.registry import Scope
from tests.eventlog.events import NOON, event

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_counted(monkeypatch, acme, rival):
    forget(monkeypatch, acme, rival)


def forget(monkeypatch, *tenants):
    """Nothing is counted yet, by no process."""
    monkeypatch.setattr(stream, "_known", {})
    for tenant in tenants:
        activate(tenant)
        cache.delete(stream._SHARED)
        deactivate()


@pytest.fixture
def at(monkeypatch):
    """Set the clock."""

    def moment(now):
        monkeypatch.setattr(stream.clock, "now", lambda: now)

    moment(NOON)
    return moment


def came(tenant, moments, source="api"):
    """Events of ``tenant`` that came one at each moment."""
    activate(tenant)
    for moment in moments:
        append([event(id=uuid.uuid4(), source=source, occurred_at=moment)], recorded_at=moment)
    deactivate()


def every(minutes, *, days, until=NOON):
    count = int(timedelta(days=days) / timedelta(minutes=minutes))
    return [until - timedelta(minutes=minutes) * back for back in range(count, -1, -1)]


def part_of(tenant):
    activate(tenant)
    found = {part.name: part for part in look.parts(Scope.TENANT, {})}["stream"]
    deactivate()
    return found


def test_a_stream_that_stops_is_a_part_that_stands_still(acme, rival, at):
    came(acme, every(20, days=5))
    came(rival, every(20, days=5, until=NOON + timedelta(hours=6)))

    at(NOON + timedelta(hours=3))
    assert part_of(acme).state is State.WORKING
    at(NOON + timedelta(hours=5, minutes=30))
    found = part_of(acme)

    assert found.state is State.STALLED
    assert f"The last event came {NOON:%Y-%m-%d %H:%M} UTC." in found.detail
    assert "or more should have come since" in found.detail
    assert part_of(rival).state is State.WORKING


def test_the_next_event_ends_it_at_once(acme, at):
    came(acme, every(20, days=5))
    at(NOON + timedelta(hours=6))
    assert part_of(acme).state is State.STALLED

    came(acme, [NOON + timedelta(hours=6)])

    assert part_of(acme).state is State.WORKING


@pytest.fixture
def due(monkeypatch):
    """Every look counts anew."""
    monkeypatch.setattr(stream, "_EVERY_SECONDS", 0.0)


def rhythm_of(tenant):
    activate(tenant)
    part = {part.name: part for part in look.parts(Scope.TENANT, {})}["stream"]
    counted = stream._known[tenant.schema_name][1]
    deactivate()
    return part, counted


@pytest.mark.usefixtures("due")
def test_it_adds_what_is_new_to_what_it_has_counted(acme, at, monkeypatch):
    came(acme, every(20, days=5))
    rhythm_of(acme)
    came(acme, every(30, days=1, until=NOON + timedelta(days=1))[1:])
    at(NOON + timedelta(days=1))
    _, added = rhythm_of(acme)

    forget(monkeypatch, acme)
    _, anew = rhythm_of(acme)

    assert added == anew
    assert sum(anew.counts.values()) == 5 * 72 + 1 + 48


@pytest.mark.usefixtures("due")
def test_another_process_goes_on_from_what_was_counted(acme, rival, at, monkeypatch):
    came(acme, every(20, days=5))
    came(rival, every(60, days=5))
    rhythm_of(acme)
    monkeypatch.setattr(stream, "_known", {})

    with CaptureQueriesContext(
        connection,
    ) as asked:
        _, shared = rhythm_of(acme)
        _, own = rhythm_of(rival)

    counted = [query["sql"] for query in asked if "date_trunc" in query["sql"]]
    assert ["occurred_at >" in sql for sql in counted] == [False, True]
    assert sum(shared.counts.values()) == 5 * 72 + 1
    assert sum(own.counts.values()) == 5 * 24 + 1


def test_files_acts_and_our_own_events_are_no_stream(acme, at):
    came(acme, every(20, days=5))
    for source in ("import", "portal", "health"):
        came(acme, [NOON + timedelta(hours=5)], source=source)

    at(NOON + timedelta(hours=6))

    assert part_of(acme).state is State.STALLED


def test_a_tenant_that_never_sent_anything_misses_nothing(acme, at):
    assert part_of(acme).state is State.WORKING


def test_the_operators_and_the_tenant_are_told_once(acme, rival, at, monkeypatch, settings):
    settings.OPERATORS = ["ops@touchstone.example"]
    came(acme, every(20, days=5))
    monkeypatch.setattr(watch, "close_old_connections", lambda: None)
    monkeypatch.setattr(watch.look, "parts", only_the_stream(watch.look.parts))
    start = NOON + timedelta(hours=6)
    moment = [start]
    watcher = watch.Watcher(now=lambda: moment[0])

    for seconds in (0, 5, 10, 15):
        moment[0] = start + timedelta(seconds=seconds)
        at(moment[0])
        watcher.look()

    (incident,) = Incident.objects.all()
    assert (incident.schema, incident.part) == (acme.schema_name, "stream")
    assert [letter.subject for letter in mail.outbox] == [
        "[Touchstone] Stream of events stands still"
    ]
    assert [each.label for each in incidents.recent(acme.schema_name, now=start)] == [
        "Stream of events"
    ]
    assert not incidents.recent(rival.schema_name, now=start)


def only_the_stream(parts):
    def found(scope, since):
        return tuple(part for part in parts(scope, since) if part.name == "stream")

    return found
