"""Events for the log's tests: small, valid, of a type the catalogue need not know."""

import time
import uuid
from datetime import UTC, datetime, timedelta

from eventlog import canonical, read
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


def settle() -> None:
    """Wait until the horizon has passed the newest event.

    It is the whole server's: a transaction of a neighbour, in whatever database, holds it back.
    """
    patience = time.monotonic() + 120
    while read.head() != read.latest(limit=1)[0].cursor:
        assert time.monotonic() < patience, "a transaction on this server does not end"
        time.sleep(0.02)
