"""What the log publishes: the events it takes and gives, the cursor, the answers, the errors."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import msgspec

from kernel.errors import DomainError, InvalidInput


class NoTenant(DomainError):
    """The log was used while no tenant's schema was active: never the public one by accident."""

    code = "no_tenant"
    http_status = 500
    title = "No tenant is active"


class UnstorableValue(InvalidInput):
    """A payload holds something the log can't keep exactly (NUL, NaN, a number beyond 64 bits)."""

    code = "unstorable_value"
    title = "A value can't be stored exactly"


class TooDeep(InvalidInput):
    """A payload nests deeper than the log accepts."""

    code = "too_deep"
    title = "Nested too deeply"


class UnknownEventType(InvalidInput):
    """No event of this type (and version) is in the catalogue."""

    code = "unknown_type"
    title = "Unknown event type"


class Cursor(NamedTuple):
    """A place in log order: everything up to and including (xid, position) has been read."""

    xid: int
    position: int


START = Cursor(0, 0)


class NewEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An event to append. ``payload`` is canonical JSON (see ``eventlog.canonical``)."""

    id: UUID
    type: str
    version: int
    subject: str
    occurred_at: datetime
    source: str
    payload: bytes
    sealed: bytes | None = None


class StoredEvent(NamedTuple):
    """An event as read back; ``payload`` is JSON text, decoded by ``eventlog.catalogue.decode``."""

    xid: int
    position: int
    id: UUID
    type: str
    version: int
    subject: str
    occurred_at: datetime
    recorded_at: datetime
    source: str
    payload: str

    @property
    def cursor(self) -> Cursor:
        """This event's place in log order."""
        return Cursor(self.xid, self.position)


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """What became of a batch: ``duplicate[i]`` says that event ``i`` was already in the log."""

    accepted: int
    duplicate: Sequence[bool]

    @property
    def duplicates(self) -> int:
        """How many events of the batch were already in the log (or twice in the batch)."""
        return sum(self.duplicate)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lag:
    """How far a subscription is behind: events waiting and the age in seconds of the oldest one.

    ``idle_seconds`` have passed since it last moved.
    """

    name: str
    events: int
    seconds: float
    idle_seconds: float = 0.0
