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
