"""Take personal fields out of what was sent: the log keeps them sealed, not in the payload."""

from typing import Any

from ingest.batch import Batch, Circumstances, Draft, fill
from ingest.personal import without_personal
from ingest.wire import Context, Incoming

_NOTHING: dict[str, object] = {}


def withhold(batch: Batch) -> Batch:
    """Set ``properties`` and ``traits`` without personal fields, and ``personal``, those fields."""
    return fill(batch, _withhold)


def _withhold(draft: Draft, circumstances: Circumstances) -> None:
    incoming = draft.incoming
    personal = draft.personal
    properties, traits = incoming.properties or _NOTHING, incoming.traits or _NOTHING
    if properties:
        draft.properties = without_personal(properties, "properties", personal)
    if traits:
        trait = draft.type != "user.grouped"  # a company's name is no person's
        draft.traits = without_personal(traits, "traits", personal, trait=trait)
    if incoming.context is not None:
        _from_context(incoming.context, personal)
    draft.ids = _ids(incoming)


def _from_context(context: Context, personal: dict[str, Any]) -> None:
    if context.ip is not None:
        personal["context.ip"] = context.ip
    if context.userAgent is not None:
        personal["context.userAgent"] = context.userAgent
    if context.traits:
        personal["context.traits"] = context.traits
    device = context.device
    if device is not None:
        if device.id is not None:
            personal["context.device.id"] = device.id
        if device.advertisingId is not None:
            personal["context.device.advertisingId"] = device.advertisingId


def _ids(incoming: Incoming) -> dict[str, Any]:
    """The ids as they were sent; every event has some, so they are not named in the payload."""
    anonymous, user, previous = incoming.anonymous_id, incoming.user_id, incoming.previous
    ids: dict[str, Any] = {}
    if anonymous is not None and anonymous != "":
        ids["anonymous_id"] = anonymous
    if user is not None and user != "":
        ids["user_id"] = user
    if previous is not None and previous != "":
        ids["previous"] = previous
    return ids
