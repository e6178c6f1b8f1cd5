"""Events for the log's tests: small, valid, of a type the catalogue need not know."""

import uuid
from datetime import UTC, datetime, timedelta

from eventlog import canonical
from eventlog.contracts import NewEvent

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def event(number: int = 0, **changes) -> NewEvent:
    """Event ``number``: its own id, a second after the one before."""
    payload = changes.pop("payload", {"number": number})
    fields = {
        "id": uuid.uuid5(uuid.NAMESPACE_OID, str(number)),
        "type": "test.happened",
        "version": 1,
        "subject": "0" * 32,
        "occurred_at": NOON + timedelta(seconds=number),
        "source": "test",
        "payload": canonical.encode(payload),
    }
    return NewEvent(**{**fields, **changes})
