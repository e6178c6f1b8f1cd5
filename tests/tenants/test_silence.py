"""Events that stay away are an alert: owners have a letter, once, and nobody else has."""

from dataclasses import replace

import pytest

from alerts import outbox, queries
from alerts.contracts import Severity, State
from health import incidents
from health.contracts import Part
from health.contracts import State as Health
from kernel import clock
from tenants.contracts import Role
from tenants.models import Membership, User

SILENT = Part(
    name="stream", label="Your events", state=Health.STALLED, waiting=0, oldest_seconds=0.0,
    detail="The last event came 2026-11-25 08:00 UTC.", advice="Look at what sends them.",
)  # fmt: skip


@pytest.fixture
def people(acme, rival, acme_owner, settings, monkeypatch):
    """An analyst beside the owner, and the rival's owner."""
    from alerts import planning

    monkeypatch.setattr(planning, "_wake", lambda _: None)
    settings.OPERATORS = []
    for tenant, role, name in ((acme, Role.ANALYST, "ann"), (rival, Role.OWNER, "rita")):
        user = User.objects.create_user(email=f"{name}@example.org", password="long enough to be")
        Membership.objects.create(tenant=tenant, user=user, role=role, created_at=clock.now())


@pytest.fixture
def letters(sink, acme, rival, as_tenant):
    """Deliver in both tenants; who had which letter."""

    def ask():
        for tenant in (acme, rival):
            with as_tenant(tenant):
                outbox.deliver(now=clock.now())
        return [(each["To"], each["Subject"]) for each in sink.letters]

    return ask


@pytest.mark.usefixtures("people")
def test_owners_are_told_once(acme, letters, sink, as_tenant):
    for _ in range(2):
        incidents.settle(acme.schema_name, [SILENT], now=clock.now())

    assert letters() == [("owner@acme.example", "[Acme] Acme sends no events any more")]
    assert "08:00 UTC" in sink.text()
    assert "Look at what sends them." in sink.text()
    with as_tenant(acme):
        assert queries.alerts().items[0].severity is Severity.CRITICAL


@pytest.mark.usefixtures("people")
def test_it_is_resolved_when_they_come_again_and_told_anew_when_not(acme, letters, as_tenant):
    for part in (SILENT, replace(SILENT, state=Health.WORKING), SILENT):
        incidents.settle(acme.schema_name, [part], now=clock.now())
    with as_tenant(acme):
        newest, before = queries.alerts().items
    assert (newest.state, before.state) == (State.OPEN, State.RESOLVED)
    assert len(letters()) == 1


@pytest.mark.usefixtures("people")
def test_what_operators_mend_is_told_to_operators(acme, letters, as_tenant):
    stuck = replace(SILENT, name="projection:attribution")
    incidents.settle(acme.schema_name, [stuck], now=clock.now())
    incidents.settle("", [replace(SILENT, name="worker")], now=clock.now())

    assert letters() == []
    with as_tenant(acme):
        (shown,) = queries.alerts().items
    assert (shown.key, shown.severity) == ("projection:attribution", Severity.INFO)
