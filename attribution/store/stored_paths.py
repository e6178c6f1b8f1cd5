"""Paths as the store holds them, read in bulk: columns of bytes to columns of numbers. Pure.

A path is packed as one big-endian int32 per key. The database sends each column of a range in one
piece, and what belongs to the same path is brought together here: for a hundred thousand rows that
is several times faster than arrays row by row, or grouping in the database.
"""

import hashlib
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPaths:
    """Distinct paths; row ``i`` walks the next ``lengths[i]`` of ``keys``.

    ``conversions``, ``nulls``, ``value`` (units) and ``value_squares`` (units squared) are sums
    over the journeys of a row; refunds may have turned value negative.
    """

    keys: Ints
    lengths: Ints
    conversions: Floats
    nulls: Floats
    value: Floats
    value_squares: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Rows of the store by column, each number big-endian: as the database sends them.

    ``digests`` and ``sizes`` (bytes of a packed path, int32) have an entry for each row, as have
    ``journeys`` (int64). ``value`` (int64) and ``value_squares`` (float64) have one for each row of
    converting journeys; these rows come first.
    """

    digests: bytes
    sizes: bytes
    packed: bytes
    journeys: bytes
    value: bytes
    value_squares: bytes


def pack(keys: Sequence[int]) -> bytes:
    """A path as the store keeps it."""
    return struct.pack(f">{len(keys)}i", *keys)


def digest(keys: Sequence[int]) -> bytes:
    """The 16 bytes that stand for a path in the store's key."""
    text = "{" + ",".join(map(str, keys)) + "}"
    return hashlib.blake2b(text.encode(), digest_size=16).digest()


@lru_cache(maxsize=32_768)
def stored(keys: tuple[int, ...]) -> tuple[UUID, bytes]:
    """A path's place in the store's key, and the path packed; most people take the same ways.

    The same path gives the same object, so that comparing keys need not look into it.
    """
    return UUID(bytes=digest(keys)), pack(keys)


def gather(columns: Columns) -> StoredPaths:
    """One row for each distinct path, over days, segments and conversion types.

    Half a digest tells paths apart: among ten million, two meet by chance once in 400,000 reads.
    """
    halves = np.frombuffer(columns.digests, dtype=">i8")[::2]
    _, first, row = np.unique(halves, return_index=True, return_inverse=True)
    lengths = np.frombuffer(columns.sizes, dtype=">i4").astype(np.int64) // 4
    keys = np.frombuffer(columns.packed, dtype=">i4")
    starts = np.cumsum(lengths) - lengths
    kept = lengths[first]
    inside = np.arange(kept.sum()) - np.repeat(np.cumsum(kept) - kept, kept)
    journeys = np.frombuffer(columns.journeys, dtype=">i8").astype(np.float64)
    value = np.frombuffer(columns.value, dtype=">i8").astype(np.float64)
    squares = np.frombuffer(columns.value_squares, dtype=">f8").astype(np.float64)
    earning, lost = row[: len(value)], row[len(value) :]
    size = len(first)
    return StoredPaths(
        keys=keys[np.repeat(starts[first], kept) + inside].astype(np.int64),
        lengths=kept,
        conversions=_summed(earning, journeys[: len(value)], size),
        nulls=_summed(lost, journeys[len(value) :], size),
        value=_summed(earning, value, size),
        value_squares=_summed(earning, squares, size),
    )


def _summed(row: Ints, amounts: Floats, size: int) -> Floats:
    """Sums by row; of nothing at all numpy would make integers."""
    return np.bincount(row, weights=amounts, minlength=size).astype(np.float64)
