"""A day's paths in one piece: what the store of paths keeps of a cell once it has stopped moving.

A cell is a dimension, segment, day and conversion type. Row by row its paths cost the database more
to gather than everything else a question needs; as one value they are sent as they lie. Layout:
three uint32 (paths, bytes of all packed paths, whether anything was earned), then the columns one
after the other, big-endian: digests (16 bytes each), sizes in bytes (int32), packed paths, journeys
(int64), and where something was earned value (int64), the squares of value (16 bytes, signed), and
journeys that acquire (int64). Pure.
"""

import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

_HEAD = struct.Struct(">III")
_WIDE = np.dtype([("high", ">i8"), ("low", ">u8")])


class PathSums(NamedTuple):
    """A packed path with its journeys, value (units), squares of value, and acquiring journeys."""

    path: bytes
    journeys: int
    value: int
    squares: int
    acquired: int


Cell = Mapping[bytes, PathSums]
"""Digest (16 bytes) -> sums."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """A packed cell's columns as bytes, as ``stored_paths.Columns`` has them."""

    digests: memoryview
    sizes: memoryview
    packed: memoryview
    journeys: memoryview
    value: memoryview
    squares: memoryview
    acquired: memoryview


def merged(cells: Iterable[Cell]) -> dict[bytes, PathSums]:
    """The sum of cells, without paths of which nothing is left."""
    found: dict[bytes, PathSums] = {}
    for cell in cells:
        for digest, sums in cell.items():
            known = found.get(digest)
            found[digest] = sums if known is None else _added(known, sums)
    return {digest: sums for digest, sums in found.items() if any(sums[1:])}


def _added(one: PathSums, other: PathSums) -> PathSums:
    return PathSums(
        one.path,
        one.journeys + other.journeys,
        one.value + other.value,
        one.squares + other.squares,
        one.acquired + other.acquired,
    )


def pack(cell: Cell) -> bytes:
    """A cell as one value, its paths in the order of their digests."""
    rows = sorted(cell.items())
    paths = [sums.path for _, sums in rows]
    packed = b"".join(paths)
    count = len(rows)
    earned = any(any(sums[2:]) for _, sums in rows)
    columns = [
        _HEAD.pack(count, len(packed), earned),
        b"".join(digest for digest, _ in rows),
        struct.pack(f">{count}i", *map(len, paths)),
        packed,
        struct.pack(f">{count}q", *(sums.journeys for _, sums in rows)),
    ]
    if earned:
        columns += [
            struct.pack(f">{count}q", *(sums.value for _, sums in rows)),
            b"".join(sums.squares.to_bytes(16, "big", signed=True) for _, sums in rows),
            struct.pack(f">{count}q", *(sums.acquired for _, sums in rows)),
        ]
    return b"".join(columns)


def sections(data: bytes) -> Sections:
    """The columns of a packed cell, not copied."""
    view = memoryview(data)
    count, size, earned = _HEAD.unpack_from(view)
    widths = (16 * count, 4 * count, size, 8 * count, 8 * count, 16 * count, 8 * count)
    kept = len(widths) if earned else 4
    parts, at = [], _HEAD.size
    for width in widths[:kept]:
        parts.append(view[at : at + width])
        at += width
    parts += [memoryview(bytes(width)) for width in widths[kept:]]
    return Sections(
        digests=parts[0], sizes=parts[1], packed=parts[2], journeys=parts[3], value=parts[4],
        squares=parts[5], acquired=parts[6],
    )  # fmt: skip


def unpack(data: bytes) -> dict[bytes, PathSums]:
    """What ``pack`` was given."""
    found, columns, at = {}, sections(data), 0
    count = len(columns.sizes) // 4
    sizes, journeys, value, acquired = (
        struct.unpack(f">{count}{kind}", column)
        for kind, column in (
            ("i", columns.sizes), ("q", columns.journeys), ("q", columns.value),
            ("q", columns.acquired),
        )
    )  # fmt: skip
    for row, size in enumerate(sizes):
        wide = slice(16 * row, 16 * row + 16)
        found[bytes(columns.digests[wide])] = PathSums(
            bytes(columns.packed[at : at + size]), journeys[row], value[row],
            int.from_bytes(columns.squares[wide], "big", signed=True), acquired[row],
        )  # fmt: skip
        at += size
    return found


def rounded(squares: memoryview) -> bytes:
    """Sums of squares as float64 (big-endian), as the database sends those of single rows."""
    wide = np.frombuffer(squares, dtype=_WIDE)
    high, low = wide["high"].astype(np.int64), wide["low"].astype(np.uint64)
    below = high < 0  # two's complement: the distance from zero is that of the complement, and one
    size = np.where(below, ~high, high) * 2.0**64 + np.where(below, ~low, low) + below
    found: bytes = np.where(below, -size, size).astype(">f8").tobytes()
    return found
