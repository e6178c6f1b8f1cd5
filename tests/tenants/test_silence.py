"""Owners have a letter when their events stay away, once, and nobody else has."""

from dataclasses import replace

import pytest
from django.core import mail

from health import incidents
from health.contracts import Part, State
from kernel import clock
from tenants.contracts import Role
from tenants.mail import outbox
from tenants.models import Membership, User

SILENT = Part(
    name="stream", label="Your events", state=State.STALLED, waiting=0, oldest_seconds=0.0,
    detail="The last event came 2026-11-25 08:00 UTC.", advice="Look at what sends them.",
)  # fmt: skip


@pytest.fixture
def people(acme, rival, acme_owner):
    """An analyst beside the owner, and the rival's owner."""
    for tenant, role, name in ((acme, Role.ANALYST, "ann"), (rival, Role.OWNER, "rita")):
        user = User.objects.create_user(email=f"{name}@example.org", password="long enough to be")
        Membership.objects.create(tenant=tenant, user=user, role=role, created_at=clock.now())


def letters():
    outbox.deliver(now=clock.now())
    return [(each.to, each.subject) for each in mail.outbox]


@pytest.mark.usefixtures("people")
def test_owners_are_told_once(acme, acme_owner, settings):
    settings.OPERATORS = []
    for _ in range(2):
        incidents.settle(acme.schema_name, [SILENT], now=clock.now())

    assert letters() == [([acme_owner.email], "Acme sends no events any more")]
    assert "08:00 UTC" in mail.outbox[0].body
    assert "Look at what sends them." in mail.outbox[0].body


@pytest.mark.usefixtures("people")
def test_what_operators_mend_is_told_to_operators(acme, settings):
    settings.OPERATORS = []
    stuck = replace(SILENT, name="projection:attribution")
    incidents.settle(acme.schema_name, [stuck], now=clock.now())
    incidents.settle("", [replace(SILENT, name="worker")], now=clock.now())

    assert letters() == []
