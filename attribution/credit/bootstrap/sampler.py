"""What is sampled: equal rows as one, each with the key of its stream."""

import hashlib
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.poisson import mixed, tables
from attribution.credit.compiled import compiled
from attribution.credit.errors import CreditError
from attribution.credit.paths import Floats, Ints, Paths

Keys = NDArray[np.uint64]
NULLS = np.uint64(0x5851F42D4C957F2D)
"""What tells the stream of a row's nulls from that of its conversions."""

_UNKNOWN = np.zeros(0, dtype=np.uint64)
_TABLES = tables()


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sampler:
    """Rows to draw from: ``keys`` of their streams, ``deviation`` of a single value (rows,).

    ``replicates`` samples are drawn; ``tables`` is ``poisson.tables()``.
    """

    paths: Paths
    keys: Keys
    deviation: Floats
    replicates: int
    tables: NDArray[np.uint8]


def sampler(paths: Paths, replicates: int, seed: int) -> Sampler:
    """Merge rows with the same touches (at the same times) and give each its stream.

    A row's key follows from the seed and the names it touches, so neither the order of the rows
    nor the numbers of the channels matter. How far single values of a row lie apart follows from
    ``paths.value_squares``; without it, from how far rows lie apart.
    """
    if replicates < 1:
        raise CreditError("replicates must be a whole number of at least 0.")
    ages = _UNKNOWN if paths.ages is None else paths.ages.view(np.uint64)
    began = _UNKNOWN if paths.began is None else paths.began.view(np.uint64)
    rows = paths.offsets.size - 1
    group, first = np.empty(rows, dtype=np.int64), np.empty(rows, dtype=np.int64)
    keys = np.empty(rows, dtype=np.uint64)
    start = np.uint64(seed % (1 << 63) + 1)
    slots = np.full(1 << max(4, (2 * rows).bit_length()), -1, dtype=np.int64)
    found = _group(
        paths.tokens,
        paths.offsets,
        ages,
        began,
        _names(paths.channels),
        start,
        keys,
        group,
        first,
        slots,
    )
    return Sampler(
        paths=(merged := _merged(paths, group, first[:found])),
        keys=keys[:found],
        deviation=_deviation(merged, _squares(paths, group, found)),
        replicates=replicates,
        tables=_TABLES,
    )


def canonical(paths: Paths) -> Paths:
    """The same journeys with equal rows merged and rows in an order that follows from them alone.

    What is computed row after row then has the same bytes however the rows were given.
    """
    if not paths.tokens.size:
        return paths
    found = sampler(paths, 1, 0)
    return replace(found.paths, value_squares=None).of(np.argsort(found.keys))


def _names(channels: tuple[str, ...]) -> Keys:
    digests = (hashlib.blake2b(name.encode(), digest_size=8).digest() for name in channels)
    return np.frombuffer(b"".join(digests), dtype=np.uint64)


@compiled
def _group(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Keys,
    began: Keys,
    names: Keys,
    seed: np.uint64,
    keys: Keys,
    group: Ints,
    first: Ints,
    slots: Ints,
) -> int:
    """Number equal rows alike in ``group``; the groups found.

    Each group gets a hash in ``keys`` and its first row in ``first``.
    """
    mask = slots.size - 1
    found = 0
    for row in range(group.size):
        begin, end = offsets[row], offsets[row + 1]
        key = mixed(seed)
        for at in range(begin, end):
            key = mixed(key ^ names[tokens[at]])
            if ages.size:
                key = mixed(key + ages[at])
        if began.size:
            key = mixed(key + began[row])
        slot = np.int64(key & np.uint64(mask))
        while slots[slot] >= 0:
            other = slots[slot]
            if keys[other] == key and _equal(tokens, offsets, ages, began, row, first[other]):
                break
            slot = (slot + 1) & mask
        if slots[slot] < 0:
            slots[slot] = found
            keys[found] = key
            first[found] = row
            found += 1
        group[row] = slots[slot]
    return found


@compiled
def _equal(
    tokens: NDArray[Any], offsets: Ints, ages: Keys, began: Keys, one: int, other: int
) -> bool:
    size = offsets[one + 1] - offsets[one]
    if offsets[other + 1] - offsets[other] != size:
        return False
    if began.size and began[one] != began[other]:
        return False
    for at in range(size):
        mine, theirs = offsets[one] + at, offsets[other] + at
        if tokens[mine] != tokens[theirs] or (ages.size and ages[mine] != ages[theirs]):
            return False
    return True


def _merged(paths: Paths, group: Ints, first: Ints) -> Paths:
    """One row per group, as its ``first`` row."""
    kept = np.zeros(group.size, dtype=np.bool_)
    kept[first] = True
    touches = np.repeat(kept, paths.lengths)
    return replace(
        paths,
        tokens=paths.tokens[touches],
        offsets=np.concatenate([[0], np.cumsum(paths.lengths[first])]),
        conversions=_sums(group, paths.conversions, first.size),
        value=_sums(group, paths.value, first.size),
        nulls=_sums(group, paths.nulls, first.size),
        ages=None if paths.ages is None else paths.ages[touches],
        value_squares=None,
        began=None if paths.began is None else paths.began[first],
    )


def _squares(paths: Paths, group: Ints, found: int) -> Floats:
    """Sum of the squares of the single values of each group.

    Where they are unknown, the values of a row are as far from its mean as chance has the means of
    rows be from one another: E[(sum of squares) - value^2 / count] = (count - 1) variance, and the
    variance is that of the rows' means, weighted by their counts (one-way analysis of variance
    without effects). Where paths do differ in worth, that is wider than the truth, never narrower.
    """
    if paths.value_squares is not None:
        return _sums(group, paths.value_squares, found)
    count = paths.conversions
    some = count > 0
    mean = np.divide(paths.value, count, out=np.zeros_like(count), where=some)
    rows = np.count_nonzero(some)
    whole = paths.total_value / paths.total_conversions if rows else 0.0
    variance = float((count * (mean - whole) ** 2).sum()) / (rows - 1) if rows > 1 else 0.0
    return _sums(group, mean * paths.value + np.maximum(count - 1.0, 0.0) * variance, found)


def _sums(group: Ints, amounts: Floats, size: int) -> Floats:
    return np.bincount(group, amounts, size).astype(np.float64, copy=False)


def _deviation(paths: Paths, squares: Floats) -> Floats:
    """Standard deviation of a single value in each row."""
    count = np.where(paths.conversions > 0, paths.conversions, 1.0)
    variance = squares / count - (paths.value / count) ** 2
    # What is left of equal values after rounding is no spread.
    variance[variance <= 1e-12 * squares / count] = 0.0
    deviation: Floats = np.sqrt(variance)
    return deviation
