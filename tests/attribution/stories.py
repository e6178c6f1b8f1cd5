"""Events as a test tells them: who, when, what."""

import uuid
from datetime import UTC, datetime, timedelta

import msgspec

from eventlog.contracts import StoredEvent

START = datetime(2026, 9, 1, tzinfo=UTC)


def stored(position, kind, subject, day, body):
    """A stored event ``day`` days after the start of the story, at ``position`` in the log."""
    return StoredEvent(
        xid=100 + position // 3,
        position=position,
        id=uuid.UUID(int=position),
        type=kind,
        version=1,
        subject=subject,
        occurred_at=START + timedelta(days=day),
        recorded_at=START,
        source="test",
        payload=msgspec.json.encode(body).decode(),
    )


def click(position, subject, day, channel="Email", *, campaign="", device="mobile", **more):
    """A click with its touch."""
    touch = {"channel": channel, "source": channel.lower(), "campaign": campaign, "device": device}
    return stored(position, "ad.click", subject, day, {"touch": touch, **more})


def purchase(position, subject, day, value=10.0, *, order="", **more):
    """A recorded conversion."""
    body = {"value": value, "order_id": order or None, **more}
    return stored(position, "conversion.recorded", subject, day, body)


def identified(position, subject, person, day=0):
    """``subject`` told who they are."""
    return stored(position, "user.identified", subject, day, {"person": person})


def spend(position, day, channel, cost, *, currency=None, **more):
    """A day's spend on a channel."""
    body = {"day": _date(day), "channel": channel, "cost": cost, "currency": currency, **more}
    return stored(position, "spend.recorded", "", day, body)


def rate(position, day, currency, worth, *, base=None):
    """From ``day`` on a unit of ``currency`` is ``worth`` this much; ``None`` withdraws it."""
    body = {"day": _date(day), "currency": currency, "base": base}
    if worth is None:
        return stored(position, "money.rate_withdrawn", "", day, body)
    return stored(position, "money.rate_set", "", day, {**body, "rate": str(worth)})


def _date(day):
    return (START + timedelta(days=day)).date().isoformat()
