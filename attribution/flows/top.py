"""The paths most journeys took, and the loops in them: channels people leave and come back to."""

from dataclasses import dataclass

import numpy as np

from attribution.credit.paths import Floats, Ints, Paths
from attribution.flows import shape


@dataclass(frozen=True, slots=True, kw_only=True)
class PathFigures:
    """A path as labels with its journeys; ``rate`` is the share of them that converted, 0..1."""

    path: tuple[str, ...]
    journeys: float
    conversions: float
    value: float
    rate: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TopPaths:
    """``rows``, most conversions first, then most journeys; ``distinct`` paths there are in all."""

    rows: tuple[PathFigures, ...]
    distinct: int
    journeys: float
    conversions: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """People who left ``channel`` for others and came back: journeys that did so at least once.

    ``rate`` and ``rate_without`` are the converting shares of the journeys with the channel that
    come back to it and of those that don't; ``None`` where there are none.
    """

    channel: str
    journeys: float
    conversions: float
    share: float
    rate: float
    rate_without: float | None
    through: str


def top(paths: Paths, *, limit: int, repeats: bool = False, converting: bool = False) -> TopPaths:
    """The first ``limit`` paths; with ``repeats`` touches in a row of one channel stay apart.

    ``converting`` leaves out the paths on which nobody converted.
    """
    found = shape.grouped(paths if repeats else shape.merged(paths))
    if converting:
        found = shape.rows(found, found.conversions > 0)
    journeys = found.conversions + found.nulls
    rows = np.lexsort((np.arange(journeys.size), -journeys, -found.conversions))[:limit]
    return TopPaths(
        rows=tuple(
            PathFigures(
                path=tuple(
                    found.channels[token]
                    for token in found.tokens[found.offsets[row] : found.offsets[row + 1]]
                ),
                journeys=float(journeys[row]),
                conversions=float(found.conversions[row]),
                value=float(found.value[row]),
                rate=float(found.conversions[row] / journeys[row]) if journeys[row] else 0.0,
            )
            for row in rows.tolist()
        ),
        distinct=journeys.size,
        journeys=float(journeys.sum()),
        conversions=found.total_conversions,
    )


def loops(paths: Paths, *, limit: int) -> tuple[Loop, ...]:
    """Channels people come back to, most journeys first."""
    found = shape.merged(paths)
    rows = shape.rows_of(found)
    again, passed = _returns(found, rows)
    if not again.size:
        return ()
    seen = shape.per_channel(found, found.tokens.astype(np.int64), rows)
    back = shape.per_channel(found, found.tokens[again].astype(np.int64), rows[again])
    through = _commonest(found, again, passed, rows)
    order = np.lexsort((np.arange(len(back)), -back.sum(axis=1)))
    return tuple(
        _loop(found.channels, int(channel), seen, back, through)
        for channel in order[:limit].tolist()
        if back[channel].sum() > 0
    )


def _returns(paths: Paths, rows: Ints) -> tuple[Ints, Ints]:
    """Places of tokens that were in their row before, and the place right before each of them."""
    key = rows * len(paths.channels) + paths.tokens
    order = np.argsort(key, kind="stable")
    repeated = np.zeros(key.size, dtype=np.bool_)
    repeated[order[1:]] = key[order[1:]] == key[order[:-1]]
    again = np.flatnonzero(repeated)
    return again, again - 1


def _commonest(paths: Paths, again: Ints, passed: Ints, rows: Ints) -> dict[int, int]:
    """Channel -> the channel from which most journeys came back to it."""
    size = len(paths.channels)
    weight = (paths.conversions + paths.nulls)[rows[again]]
    counts = np.bincount(
        paths.tokens[again].astype(np.int64) * size + paths.tokens[passed],
        weights=weight,
        minlength=size * size,
    ).reshape(size, size)
    return {channel: int(counts[channel].argmax()) for channel in range(size)}


def _loop(
    channels: tuple[str, ...], channel: int, seen: Floats, back: Floats, through: dict[int, int]
) -> Loop:
    all_seen, returned = float(seen[channel].sum()), float(back[channel].sum())
    others = all_seen - returned
    return Loop(
        channel=channels[channel],
        journeys=returned,
        conversions=float(back[channel, 0]),
        share=returned / all_seen if all_seen else 0.0,
        rate=float(back[channel, 0] / returned),
        rate_without=float((seen[channel, 0] - back[channel, 0]) / others) if others > 0 else None,
        through=channels[through[channel]],
    )
