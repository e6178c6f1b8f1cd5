"""Take personal fields out of what was sent, and remember their names."""

import msgspec

from ingest.batch import Batch, Circumstances, Draft, map_drafts
from ingest.personal import without_personal
from ingest.wire import Context

_NOTHING: dict[str, object] = {}


def withhold(batch: Batch) -> Batch:
    """Set ``properties`` and ``traits`` without personal fields, and ``withheld``, their names."""
    return map_drafts(batch, _withhold)


def _withhold(draft: Draft, circumstances: Circumstances) -> Draft:
    incoming = draft.incoming
    withheld: list[str] = []
    properties, traits = incoming.properties or _NOTHING, incoming.traits or _NOTHING
    if properties:
        properties = without_personal(properties, "properties", withheld)
    if traits:
        trait = draft.type != "user.grouped"  # a company's name is no person's
        traits = without_personal(traits, "traits", withheld, trait=trait)
    if incoming.context is not None:
        _from_context(incoming.context, withheld)
    return msgspec.structs.replace(
        draft, properties=properties, traits=traits, withheld=tuple(withheld)
    )


def _from_context(context: Context, withheld: list[str]) -> None:
    if context.ip is not None:
        withheld.append("context.ip")
    if context.userAgent is not None:
        withheld.append("context.userAgent")
    if context.traits:
        withheld.append("context.traits")
    device = context.device
    if device is not None and (device.id is not None or device.advertisingId is not None):
        withheld.append("context.device.id")
