"""Events as a test tells them: who, when, what."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec

from attribution.contracts import RulesSet
from eventlog.contracts import StoredEvent

START = datetime(2026, 9, 1, tzinfo=UTC)


def stored(position, kind, subject, day, body, *, source="test", version=1):
    """A stored event ``day`` days after the start of the story, at ``position`` in the log."""
    return StoredEvent(
        xid=100 + position // 3,
        position=position,
        id=uuid.UUID(int=position),
        type=kind,
        version=version,
        subject=subject,
        occurred_at=START + timedelta(days=day),
        recorded_at=START,
        source=source,
        payload=msgspec.json.encode(body).decode(),
    )


def click(position, subject, day, channel="Email", *, campaign="", device="mobile", **more):
    """A click with its touch."""
    touch = {"channel": channel, "source": channel.lower(), "campaign": campaign, "device": device}
    return stored(position, "ad.click", subject, day, {"touch": touch, **more})


def view(position, subject, day, channel="Display", **more):
    """An impression with its touch."""
    touch = {"channel": channel, "source": channel.lower()}
    return stored(position, "ad.impression", subject, day, {"touch": touch, **more}, version=2)


def purchase(position, subject, day, value=10.0, *, order="", source="test", **more):
    """A recorded conversion, as ``source`` reports it."""
    body = {"value": value, "order_id": order or None, **more}
    return stored(position, "conversion.recorded", subject, day, body, source=source)


def rules_set(position, rules, day=0):
    """The tenant's rules from here on."""
    return stored(
        position, "attribution.rules_set", "owner", day, RulesSet(actor="owner", rules=rules)
    )


def rejected(position, touches: Sequence[int], *, restored=False, reason="a farm"):
    """The touches at these positions were rejected (or restored)."""
    kind = "touch.restored" if restored else "touch.rejected"
    named = [str(uuid.UUID(int=each)) for each in touches]
    body = {"reason": reason, "decided_by": "owner", "touches": named}
    return stored(position, kind, "", 0, body)


def source_rejected(position, source, start=None, end=None):
    """All touches of a source were rejected."""
    body = {"reason": "a farm", "decided_by": "owner", "source": source, "start": start, "end": end}
    return stored(position, "source.rejected", "", 0, body)


def source_restored(position, rejection: int):
    """The rejection of a source at a position was taken back."""
    body = {"reason": "sorry", "decided_by": "owner", "rejection": str(uuid.UUID(int=rejection))}
    return stored(position, "source.restored", "", 0, body)


def erased(position, subject):
    """A subject was erased."""
    body = {"subjects": [subject], "requested_by": "owner", "reason": "requested"}
    return stored(position, "subject.erased", subject, 0, body)


def expired(position, day, *, at=70):
    """Events about people older than ``day`` expired."""
    before = (START + timedelta(days=day)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return stored(position, "log.expired", "", at, {"before": before, "events": 1})


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
