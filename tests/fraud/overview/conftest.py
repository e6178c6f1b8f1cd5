"""Acme with cases of two publishers, as its projections tell of them."""

import uuid
from datetime import timedelta

import msgspec
import pytest

from attribution import handlers
from eventlog import canonical
from eventlog.append import append
from eventlog.contracts import NewEvent
from fraud.cases import projection
from fraud.features.sighting import identity
from kernel import clock
from tests.attribution.stories import click
from tests.fraud.cases.told import START, scored

BOT = {"ctit": float("nan"), "emulator": 1.0, "kind": 2.0}
DAYS = "range=custom&start=2026-11-20&end=2026-11-22"


def seen(number, *, type="ad.click", source="api"):
    """An event that is scored, as the projection counts it."""
    return scored(number)._replace(type=type, source=source, payload="{}")


def owned(stored, publisher, campaign=""):
    """A decision on an event of a publisher's."""
    ids = {"publisher": publisher, "campaign": campaign}
    entities = {name: identity(name, text) for name, text in ids.items() if text}
    body = msgspec.json.decode(stored.payload) | {"entities": entities}
    return stored._replace(payload=canonical.encode(body).decode())


def logged(stored, body):
    """The event that a decision is on goes to the log."""
    decided = msgspec.json.decode(stored.payload)
    event = NewEvent(
        id=uuid.UUID(decided["event"]), type=decided["type"], version=1, subject=stored.subject,
        occurred_at=stored.occurred_at, source="api", payload=canonical.encode(body),
    )  # fmt: skip
    append([event], recorded_at=clock.now())


@pytest.fixture
def told(acme, as_tenant):
    """Three cases of "alder ads" (one in dollars, one to review), one of "birch", one of nobody."""
    injected = [owned(scored(number, value=10.0), "alder ads", "autumn") for number in (1, 2)]
    looked_at = owned(scored(3, **(BOT | {"emulator": 0.0, "vpn": 1.0})), "alder ads")
    tomorrow = START + timedelta(days=1)
    bot = owned(scored(4, value=2.5, **BOT), "birch", "autumn")._replace(occurred_at=tomorrow)
    with as_tenant(acme):
        handlers.handle([click(1, "ann", 1, "Alder ads", campaign="autumn")])
        logged(injected[1], {"value": 10.0, "currency": "usd", "conversion_type": "purchase"})
        projection.handle([*injected, looked_at, bot, scored(5), *map(seen, range(100, 140))])
    return acme
