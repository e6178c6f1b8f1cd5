"""Journeys as intervals in which nothing changes, equal ones merged.

A few hundred thousand intervals of a market come down to some ten thousand that differ, so that a
step of the fit takes milliseconds.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.poisson import mixed
from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats, Ints, Paths

EDGES = np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0])
"""Days back at which a touch passes from one span to the next; after the last it is forgotten."""

SPANS = EDGES.size - 1

Marks = NDArray[np.int32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intervals:
    """Row ``i`` has the features ``marks[starts[i]:starts[i + 1]]`` with as many touches ``times``.

    A mark is channel * SPANS + span. ``exposure`` (rows,) are days times journeys, ``events`` the
    conversions that happened with just these touches behind them.
    """

    channels: tuple[str, ...]
    starts: Ints
    marks: Marks
    times: Marks
    exposure: Floats
    events: Floats


def days_back(paths: Paths) -> Floats:
    """Days from each touch to its journey's end: (touches,).

    Without times, all touches of a journey are taken to have come at once, so that it is one
    interval with all of them behind it: a regression on what journeys contain.
    """
    return np.full(paths.tokens.size, 0.5) if paths.ages is None else paths.ages


def intervals(paths: Paths) -> Intervals:
    """The intervals of ``paths``, in an order that follows from that of its rows."""
    size = max(3 * paths.tokens.size, 1 << 10)
    while True:
        starts = np.zeros(size + 1, dtype=np.int64)
        most = max(4 * size, size + 8 * len(paths.channels) * SPANS)
        marks, times = np.empty(most, dtype=np.int32), np.empty(most, dtype=np.int32)
        sums = np.zeros((size, 2))
        found = _collect(
            paths.tokens,
            paths.offsets,
            days_back(paths),
            paths.conversions,
            paths.nulls,
            EDGES,
            np.zeros(len(paths.channels) * SPANS, dtype=np.int32),
            starts,
            marks,
            times,
            sums,
            np.full(1 << (2 * size).bit_length(), -1, dtype=np.int32),
        )
        if found >= 0:
            break
        size *= 4
    return Intervals(
        channels=paths.channels,
        starts=starts[: found + 1].copy(),
        marks=marks[: starts[found]].copy(),
        times=times[: starts[found]].copy(),
        exposure=sums[:found, 0].copy(),
        events=sums[:found, 1].copy(),
    )


@compiled
def _collect(
    tokens: NDArray[Any],
    offsets: Ints,
    ages: Floats,
    conversions: Floats,
    nulls: Floats,
    edges: Floats,
    counts: Marks,
    starts: Ints,
    marks: Marks,
    times: Marks,
    sums: Floats,
    slots: Marks,
) -> int:
    """Fill the arrays; how many intervals differ, or -1 where they don't fit."""
    found = 0
    most = 1
    for row in range(offsets.size - 1):
        most = max(most, (offsets[row + 1] - offsets[row]) * edges.size + 1)
    breaks = np.empty(most)
    for row in range(offsets.size - 1):
        here = slice(offsets[row], offsets[row + 1])
        size = _breaks(ages[here], edges, breaks)
        for at in range(size):
            # The last one is the moment of the end itself: nobody is exposed to it, some convert.
            moment = 0.5 * (breaks[at - 1] + breaks[at]) if at else 0.0
            days = breaks[at] - breaks[at - 1] if at else 0.0
            if (at and days <= 0.0) or (at == 0 and conversions[row] == 0.0):
                continue
            if found + 1 >= starts.size or starts[found] + counts.size > marks.size:
                return -1
            seen = mark(tokens[here], ages[here], moment, edges, counts, marks[starts[found] :])
            place = _place(found, seen, counts, starts, marks, times, slots)
            sums[place, 0] += days * (conversions[row] + nulls[row])
            sums[place, 1] += 0.0 if at else conversions[row]
            found = max(found, place + 1)
    return found


@compiled
def _breaks(ages: Floats, edges: Floats, out: Floats) -> int:
    """The ages before the end at which something changes, ascending from 0; how many."""
    out[0] = 0.0
    size = 1
    for age in ages:
        for edge in edges:
            if age > edge:
                out[size] = age - edge
                size += 1
    out[:size].sort()
    return size


@compiled
def mark(
    tokens: NDArray[Any], ages: Floats, moment: float, edges: Floats, counts: Marks, held: Marks
) -> int:
    """The marks that touches have set at ``moment`` (days before the end), ascending in ``held``.

    Their touches are added to ``counts``, which is to be cleared; answers how many marks.
    """
    spans, seen = edges.size - 1, 0
    for at in range(ages.size):
        lag = ages[at] - moment
        if lag < 0.0 or lag >= edges[spans]:
            continue
        span = np.searchsorted(edges, lag, side="right") - 1
        feature = np.int32(tokens[at] * spans + span)
        if counts[feature] == 0:
            held[seen] = feature
            seen += 1
        counts[feature] += 1
    held[:seen].sort()
    return seen


@compiled
def _place(
    found: int, seen: int, counts: Marks, starts: Ints, marks: Marks, times: Marks, slots: Marks
) -> int:
    """The place of the interval written behind the ``found`` ones: its equal's, or its own."""
    begin, mask = starts[found], slots.size - 1
    key = mixed(np.uint64(seen + 1))
    for at in range(begin, begin + seen):
        times[at] = counts[marks[at]]
        counts[marks[at]] = 0
        key = mixed(key ^ np.uint64(np.int64(marks[at]) * 65_537 + times[at]))
    slot = np.int64(key & np.uint64(mask))
    while slots[slot] >= 0:
        if _equal(slots[slot], begin, seen, starts, marks, times):
            return int(slots[slot])
        slot = (slot + 1) & mask
    slots[slot] = found
    starts[found + 1] = begin + seen
    return found


@compiled
def _equal(other: int, begin: int, seen: int, starts: Ints, marks: Marks, times: Marks) -> bool:
    there = starts[other]
    if starts[other + 1] - there != seen:
        return False
    for step in range(seen):
        if marks[there + step] != marks[begin + step] or times[there + step] != times[begin + step]:
            return False
    return True
