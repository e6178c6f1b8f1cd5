"""What senders write: the native event, Segment's message, and the one form both become.

Decoding is typed (msgspec), so the types of known fields are checked while the JSON is read. What
the context says beyond these fields is not kept.
"""

from datetime import datetime
from typing import Any

import msgspec

SOURCES = ("api", "segment")
"""Sources of events that come as they happen; files and the product itself have others."""


class SentPage(msgspec.Struct, frozen=True):
    """``context.page`` as sent."""

    url: str | None = None
    referrer: str | None = None
    title: str | None = None


class Campaign(msgspec.Struct, frozen=True):
    """``context.campaign``: UTM values a sender has already taken from the address."""

    name: str | None = None
    source: str | None = None
    medium: str | None = None
    content: str | None = None
    term: str | None = None
    id: str | None = None


class Device(msgspec.Struct, frozen=True):
    """``context.device``: its kind (``mobile``, ``ios`` ...) and make; the ids name a person.

    What only ``ingest.steps.signals`` reads is of any type: a wrong one there costs no event.
    """

    type: str | None = None
    id: Any = None
    advertisingId: Any = None  # noqa: N815  # Segment's word
    adTrackingEnabled: Any = None  # noqa: N815  # Segment's word
    manufacturer: Any = None
    model: Any = None


class SentConsent(msgspec.Struct, frozen=True):
    """``context.consent``: categories the person said yes or no to, in Segment's words."""

    categoryPreferences: dict[str, bool] = {}  # noqa: N815  # Segment's word


class Context(msgspec.Struct, frozen=True):
    """``context`` as sent, in Segment's words, which the native endpoint shares."""

    page: SentPage | None = None
    campaign: Campaign | None = None
    device: Device | None = None
    locale: str | None = None
    timezone: str | None = None
    userAgent: str | None = None  # noqa: N815  # Segment's word
    ip: Any = None
    traits: dict[str, Any] | None = None
    consent: SentConsent | None = None
    os: Any = None
    app: Any = None
    library: Any = None
    network: Any = None
    screen: Any = None
    signals: Any = None


NO_CONTEXT = Context()


class Incoming(msgspec.Struct, frozen=True, kw_only=True):
    """A native event, and what every other source turns its own into.

    ``id`` makes a retry recognisable. ``timestamp`` without an offset is UTC; without any the event
    happened now, and a retry with the same ``id`` keeps that first time.
    """

    type: str
    id: str | None = None
    timestamp: datetime | None = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    name: str | None = None
    category: str | None = None
    group: str | int | None = None
    previous: str | int | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: Context | None = None


class SegmentMessage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """One message of Segment's HTTP tracking API; ``type`` is missing where the path says it.

    ``sentAt`` is read of a message sent alone; in a batch the batch's counts for all.
    """

    type: str | None = None
    message_id: str | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: Any = None
    anonymous_id: str | int | None = None
    user_id: str | int | None = None
    previous_id: str | int | None = None
    group_id: str | int | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: Context | None = None


class NativeBatch(msgspec.Struct, frozen=True):
    """The body of ``POST /api/v1/events``; ``sent_at`` is the sender's clock when it sent."""

    events: list[Incoming]
    sent_at: datetime | None = None


class SegmentBatch(msgspec.Struct, frozen=True):
    """The body of ``POST /v1/batch``; ``context`` is the default of its messages."""

    batch: list[SegmentMessage]
    context: Context | None = None
    sentAt: datetime | None = None  # noqa: N815  # Segment's word


SEGMENT_TYPES = {
    "page": "web.page",
    "screen": "app.screen",
    "track": "custom.tracked",
    "identify": "user.identified",
    "alias": "user.aliased",
    "group": "user.grouped",
}


CONSENT_UPDATED = "Segment Consent Preference Updated"
"""The event Segment's consent managers send when a person has decided."""


def _consent(message: SegmentMessage, context: Context | None) -> Incoming:
    said = context.consent.categoryPreferences if context and context.consent else {}
    return Incoming(
        type="consent.changed",
        id=message.message_id,
        timestamp=message.timestamp or message.original_timestamp,
        anonymous_id=message.anonymous_id,
        user_id=message.user_id,
        properties={"purposes": said},
        context=context,
    )


def from_segment(message: SegmentMessage, call: str, context: Context | None) -> Incoming:
    """``message`` as an incoming event; ``call`` is its kind when the path named it, or ``batch``.

    An unknown kind keeps its name, and is turned away by the pipeline like any unknown type.
    """
    kind = message.type or call
    context = message.context or context
    if kind == "track" and message.event == CONSENT_UPDATED:
        return _consent(message, context)
    traits = message.traits
    if traits is None and kind == "identify" and context is not None:
        traits = context.traits
    return Incoming(
        type=SEGMENT_TYPES.get(kind, kind),
        id=message.message_id,
        timestamp=message.timestamp or message.original_timestamp,
        anonymous_id=message.anonymous_id,
        user_id=message.user_id,
        name=message.event if kind == "track" else message.name,
        category=message.category,
        group=message.group_id,
        previous=message.previous_id,
        properties=message.properties,
        traits=traits,
        context=context,
    )
