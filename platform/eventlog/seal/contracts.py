"""What sealing publishes into the log."""

import msgspec

from eventlog.catalogue import event


@event("log.key_rotated")
class LogKeyRotated(msgspec.Struct, frozen=True, kw_only=True):
    """From the next checkpoint on another key signs the log; both are given as verifier keys.

    The event's subject is empty.
    """

    key: str
    previous: str


@event("log.expired")
class EventsExpired(msgspec.Struct, frozen=True, kw_only=True):
    """Events about people older than ``before`` (RFC 3339 text) went by policy, ``events`` of them.

    Their leaves stay in the tree. The event's subject is empty.
    """

    before: str
    events: int
