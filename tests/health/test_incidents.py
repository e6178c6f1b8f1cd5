"""What stays broken is opened once, told, written into the log, and closed when it works."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core import mail

from eventlog import catalogue, read
from eventlog.seal import rows
from health import incidents
from health.contracts import Part, State
from health.models import Incident

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
LATER = NOW + timedelta(seconds=90)
STALLED = Part(
    name="projection:attribution",
    label="Read model attribution",
    state=State.STALLED,
    waiting=7,
    oldest_seconds=40.0,
    detail="Held.",
    advice="Start it.",
    since=NOW - timedelta(seconds=20),
)
WORKS = replace(STALLED, state=State.WORKING, since=None)


def happened(tenant, as_tenant) -> list[str]:
    with as_tenant(tenant):
        events = [each for each in read.latest(limit=50) if each.source == "health"]
    return [each.type for each in reversed(events)]


def test_it_opens_once_and_closes_once(acme, rival, as_tenant):
    for moment in (NOW, NOW, LATER):
        incidents.settle(acme.schema_name, [STALLED], now=moment)
    assert happened(acme, as_tenant) == ["incident.opened"]

    for moment in (LATER, LATER):
        incidents.settle(acme.schema_name, [WORKS], now=moment)

    assert happened(acme, as_tenant) == ["incident.opened", "incident.closed"]
    assert happened(rival, as_tenant) == []
    with as_tenant(acme):
        closed = next(e for e in read.latest(limit=50) if e.type == "incident.closed")
    assert catalogue.decode(closed).seconds == 110.0


def test_what_it_says_is_what_the_log_can_prove(acme, as_tenant):
    """A whole number of seconds is written as the leaf is recomputed: 110, not 110.0."""
    for part, moment in ((STALLED, NOW), (WORKS, LATER)):
        incidents.settle(acme.schema_name, [part], now=moment)
    with as_tenant(acme):
        found = rows.events("WHERE source = 'health'", [])
        assert [each.found.computed for each in found] == [bytes(each.leaf) for each in found]


def test_an_incident_of_the_service_is_in_every_log(acme, rival, as_tenant):
    incidents.settle("", [replace(STALLED, name="worker")], now=NOW)
    assert happened(acme, as_tenant) == happened(rival, as_tenant) == ["incident.opened"]


def test_a_tenant_sees_its_own_and_the_services_incidents_only(acme, rival):
    incidents.settle(acme.schema_name, [STALLED], now=NOW)
    incidents.settle("", [replace(STALLED, name="worker", label="Worker")], now=NOW)

    assert {each.part for each in incidents.recent(acme.schema_name, now=LATER)} == {
        "projection:attribution",
        "worker",
    }
    assert {each.part for each in incidents.recent(rival.schema_name, now=LATER)} == {"worker"}
    assert set(incidents.standing(rival.schema_name)) == {"worker"}


def test_the_operators_are_told_once(settings):
    settings.OPERATORS = ["ops@example.com"]
    incidents.settle("", [replace(STALLED, name="worker", label="Worker")], now=NOW)
    for _ in range(2):
        incidents.tell(now=NOW)

    (letter,) = mail.outbox
    assert letter.to == ["ops@example.com"]
    assert "Worker stands still" in letter.subject
    assert "Start it." in letter.body


def test_a_mail_that_can_not_be_sent_is_tried_again(settings, monkeypatch):
    settings.OPERATORS = ["ops@example.com"]
    incidents.settle("", [replace(STALLED, name="worker")], now=NOW)

    def refused(*args, **kwargs):
        raise ConnectionRefusedError

    monkeypatch.setattr(incidents, "send_mail", refused)
    incidents.tell(now=NOW)
    assert Incident.objects.get().told_at is None
    monkeypatch.undo()
    incidents.tell(now=NOW)
    assert Incident.objects.get().told_at == NOW


def test_what_is_over_already_is_written_down(acme, as_tenant):
    incidents.write_down(replace(STALLED, name="database", label="Database"), now=NOW)
    assert Incident.objects.get().closed_at == NOW
    assert happened(acme, as_tenant) == ["incident.opened", "incident.closed"]
