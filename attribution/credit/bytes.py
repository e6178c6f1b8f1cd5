"""The parser's inner loop: path strings as bytes to channel numbers."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled

Bytes = NDArray[np.uint8]
Ints = NDArray[np.int64]

_BASIS = np.uint64(14695981039346656037)
_PRIME = np.uint64(1099511628211)
_HALF = np.uint64(32)
_SEPARATOR = 62
_SPACE = 32


@compiled
def separators(data: Bytes) -> int:
    """Number of ``>`` in ``data``: with the number of rows, a bound on the number of touches."""
    found = 0
    for byte in data:
        found += byte == _SEPARATOR
    return found


@compiled
def _same(data: Bytes, one: int, two: int, size: int) -> bool:
    place = 0
    while place < size and data[one + place] == data[two + place]:
        place += 1
    return place == size


@compiled
def _number(
    data: Bytes, begin: int, size: int, mixed: np.uint64, names: Ints, slots: NDArray[np.int32]
) -> int:
    """The number of the name at ``begin``; the count of names when it is new."""
    mask = slots.size - 1
    slot = np.int64((mixed ^ (mixed >> _HALF)) & np.uint64(mask))
    while slots[slot] >= 0:
        known = slots[slot]
        if names[known, 1] == size and _same(data, names[known, 0], begin, size):
            return int(known)
        slot = (slot + 1) & mask
    return -1 - int(slot)


@compiled
def _name(data: Bytes, begin: int, end: int) -> tuple[int, int, int, np.uint64]:
    """The name that begins at ``begin``: its place, size, the separator after it, its hash."""
    while begin < end and data[begin] <= _SPACE:
        begin += 1
    stop = begin
    last = begin
    running = _BASIS
    mixed = _BASIS
    while stop < end and data[stop] != _SEPARATOR:
        running = (running ^ np.uint64(data[stop])) * _PRIME
        stop += 1
        if data[stop - 1] > _SPACE:
            last = stop
            mixed = running
    return begin, last - begin, stop, mixed


@compiled
def read(
    data: Bytes,
    ends: Ints,
    tokens: NDArray[Any],
    offsets: Ints,
    names: Ints,
    slots: NDArray[np.int32],
) -> tuple[int, int]:
    """Fill ``tokens`` and ``offsets`` from the rows of ``data`` cut at ``ends``.

    ``names`` (m, 2) receives the place and size of each new name, numbered by first appearance;
    ``slots`` (power of two, more than m, filled with -1) is its hash table (FNV-1a). Bytes up to
    the space are trimmed. Returns (names found, -1), or (-1, -1) when ``names`` is full, or
    (names found, row) at a row with an empty name between two separators.
    """
    found = 0
    at = 0
    for row in range(ends.size - 1):
        begin = ends[row]
        end = ends[row + 1]
        if _name(data, begin, end)[1:3] == (0, end):
            begin = end + 1
        while begin <= end:
            begin, size, stop, mixed = _name(data, begin, end)
            if size == 0:
                return found, row
            number = _number(data, begin, size, mixed, names, slots)
            if number < 0:
                if found == names.shape[0]:
                    return -1, -1
                slots[-1 - number] = found
                names[found, 0] = begin
                names[found, 1] = size
                number = found
                found += 1
            tokens[at] = number
            at += 1
            begin = stop + 1
        offsets[row + 1] = at
    return found, -1
