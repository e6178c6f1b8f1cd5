"""What the product itself says in a tenant's log: one way to make such an event.

Its payload is canonical, as every payload must be: the leaf is recomputed from what the database
gives back.
"""

from datetime import datetime
from uuid import UUID

import msgspec

from eventlog import canonical, catalogue
from eventlog.contracts import NewEvent
from kernel import ids


def said(
    name: str,
    body: msgspec.Struct,
    *,
    source: str,
    now: datetime,
    subject: str = "",
    id: UUID | None = None,
    occurred_at: datetime | None = None,
) -> NewEvent:
    """``body`` as a new event of type ``name``, of ``now`` unless ``occurred_at`` is given.

    ``id`` makes a repetition recognisable. Raises ``UnknownEventType``.
    """
    return NewEvent(
        id=id or ids.uuid7(now),
        type=name,
        version=catalogue.version_of(name),
        subject=subject,
        occurred_at=occurred_at or now,
        source=source,
        payload=canonical.encode(msgspec.json.decode(msgspec.json.encode(body))),
    )
