"""Rows of the binary COPY, byte by byte."""

import struct
from datetime import UTC, datetime, timedelta

from eventlog import rows
from tests.eventlog.events import event

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def fields(row: bytes) -> list[bytes | None]:
    (count,) = struct.unpack_from(">h", row)
    at, found = 2, []
    for _ in range(count):
        (length,) = struct.unpack_from(">i", row, at)
        at += 4
        found.append(None if length < 0 else row[at : at + length])
        at += max(length, 0)
    assert at == len(row)
    return found


def test_it_writes_every_column_with_its_length():
    sent = event(1, subject="ü\t\\", occurred_at=datetime(1999, 12, 31, 23, tzinfo=UTC))
    found = fields(rows.rows([sent], NOON))
    assert len(found) == len(rows.COLUMNS.split(", "))
    assert found[0] == sent.id.bytes
    assert found[3] == "ü\t\\".encode()
    assert struct.unpack(">q", found[4]) == (-3_600_000_000,)
    seconds = (NOON - datetime(2000, 1, 1, tzinfo=UTC)) / timedelta(seconds=1)
    assert struct.unpack(">q", found[5]) == (int(seconds) * 1_000_000,)
    assert found[7] == b"\x01" + sent.payload
    assert found[8] is None
    assert len(found[9]) == 32


def test_it_writes_a_sealed_part_as_it_is():
    assert fields(rows.rows([event(1, sealed=b"\x00\xff\t")], NOON))[8] == b"\x00\xff\t"
