"""Events as rows of PostgreSQL's binary COPY: nothing to escape, and less for the server to read.

Format: PostgreSQL documentation, COPY, "Binary Format"; numbers are big-endian, every field is its
length and its bytes, and a missing field has the length -1.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from struct import Struct

from eventlog import canonical
from eventlog.contracts import NewEvent

COLUMNS = "id, type, version, subject, occurred_at, recorded_at, source, payload, sealed, leaf"
HEADER = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
TRAILER = b"\xff\xff"

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_FIELDS = 10
_JSONB_VERSION = 1
_NO_SEALED_THEN_LEAF = Struct(">ii32s")
_LEAF = Struct(">i32s")
_LENGTH = Struct(">i")


def rows(events: Sequence[NewEvent], recorded_at: datetime) -> bytes:
    """``events`` as rows with their leaves, all ``recorded_at`` the same moment."""
    stamp, recorded = canonical.timestamp(recorded_at), _microseconds(recorded_at)
    return b"".join([_row(event, stamp, recorded) for event in events])


def _row(event: NewEvent, stamp: str, recorded: int) -> bytes:
    kind, subject, source = event.type.encode(), event.subject.encode(), event.source.encode()
    payload, sealed, moment = event.payload, event.sealed, event.occurred_at
    line = canonical.leaf_input(
        id=event.id,
        type=event.type,
        version=event.version,
        subject=event.subject,
        occurred_at=canonical.timestamp(moment),
        recorded_at=stamp,
        source=event.source,
        payload=payload,
        sealed=sealed,
    )
    lengths = len(kind), len(subject), len(source)
    head = _head(*lengths).pack(
        _FIELDS, 16, event.id.bytes, lengths[0], kind, 4, event.version, lengths[1], subject,
        8, _microseconds(moment), 8, recorded, lengths[2], source, len(payload) + 1, _JSONB_VERSION,
    )  # fmt: skip
    leaf = canonical.leaf_hash(line)
    if sealed is None:
        return b"".join((head, payload, _NO_SEALED_THEN_LEAF.pack(-1, 32, leaf)))
    return b"".join((head, payload, _LENGTH.pack(len(sealed)), sealed, _LEAF.pack(32, leaf)))


@lru_cache(maxsize=1024)
def _head(type: int, subject: int, source: int) -> Struct:
    """All fields up to the payload's first byte, for texts of these lengths."""
    return Struct(f">hi16si{type}siii{subject}siqiqi{source}sib")


def _microseconds(moment: datetime) -> int:
    """PostgreSQL's own count: microseconds since 2000."""
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds
