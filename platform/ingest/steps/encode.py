"""Check the body against its type's shape and write it as the log keeps it."""

import msgspec

from eventlog import canonical, catalogue
from ingest.batch import Batch, Circumstances, Draft, Rejected, fill

MAX_EVENT_BYTES = 32 * 1024


def encode(batch: Batch) -> Batch:
    """Set ``payload``; turns away missing fields, wrong types, bulk, the unstorable."""
    return fill(batch, _encode)


def _encode(draft: Draft, circumstances: Circumstances) -> None:
    try:
        msgspec.convert(draft.body, catalogue.shape_of(draft.type))
    except msgspec.ValidationError as error:
        raise invalid(error) from None
    payload = canonical.encode(draft.body)
    if len(payload) > MAX_EVENT_BYTES:
        raise Rejected(
            "event_too_large",
            f"An event may have {MAX_EVENT_BYTES} bytes; this has {len(payload)}.",
        )
    draft.payload = payload


def invalid(error: msgspec.ValidationError) -> Rejected:
    """A decoder's complaint as a rejection: a missing field or a wrong type."""
    text = str(error)
    return Rejected("missing_field" if "missing required field" in text else "wrong_type", text)
