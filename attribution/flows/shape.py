"""Paths as rows of tokens: merged repeats, equal rows, first steps. All vectorised."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attribution.credit.paths import Floats, Ints, Paths

Bools = NDArray[np.bool_]


def merged(paths: Paths) -> Paths:
    """Paths in which touches of the same channel in a row are one: A, A, B is A, B."""
    if not paths.tokens.size:
        return paths
    keep = np.ones(paths.tokens.size, dtype=np.bool_)
    keep[1:] = paths.tokens[1:] != paths.tokens[:-1]
    keep[paths.offsets[:-1]] = True
    counts = np.add.reduceat(keep.astype(np.int64), paths.offsets[:-1])
    return replace(
        paths,
        tokens=paths.tokens[keep],
        offsets=np.concatenate([[0], np.cumsum(counts)]),
        ages=None if paths.ages is None else paths.ages[keep],
    )


def grouped(paths: Paths) -> Paths:
    """The same journeys with one row per distinct path, by length and tokens; ages are dropped."""
    tokens, lengths, amounts = [], [], []
    columns = np.column_stack([paths.conversions, paths.value, paths.nulls])
    for length in np.unique(paths.lengths).tolist():
        rows = np.flatnonzero(paths.lengths == length)
        block = paths.tokens[paths.offsets[rows][:, None] + np.arange(length)]
        distinct, place = np.unique(block, axis=0, return_inverse=True)
        sums = np.zeros((len(distinct), columns.shape[1]))
        np.add.at(sums, place.reshape(-1), columns[rows])
        tokens.append(distinct.reshape(-1))
        lengths.append(np.full(len(distinct), length, dtype=np.int64))
        amounts.append(sums)
    if not tokens:
        return replace(paths, ages=None)
    sums = np.concatenate(amounts)
    return replace(
        paths,
        tokens=np.concatenate(tokens),
        offsets=np.concatenate([[0], np.cumsum(np.concatenate(lengths))]),
        conversions=np.ascontiguousarray(sums[:, 0]),
        value=np.ascontiguousarray(sums[:, 1]),
        nulls=np.ascontiguousarray(sums[:, 2]),
        ages=None,
    )


def rows(paths: Paths, kept: Bools) -> Paths:
    """The rows that are ``kept``, without what only models need: ages and squares."""
    return replace(
        paths,
        tokens=paths.tokens[np.repeat(kept, paths.lengths)],
        offsets=np.concatenate([[0], np.cumsum(paths.lengths[kept])]).astype(np.int64),
        conversions=paths.conversions[kept],
        value=paths.value[kept],
        nulls=paths.nulls[kept],
        ages=None,
        value_squares=None,
    )


def rows_of(paths: Paths) -> Ints:
    """The row of each token: (tokens,)."""
    return np.repeat(np.arange(len(paths.offsets) - 1), paths.lengths)


def per_channel(paths: Paths, tokens: Ints, rows: Ints) -> Floats:
    """Journeys by channel, (channels, 2): converting and not; one (token, row) pair counts once."""
    size = len(paths.channels)
    pairs = np.unique(tokens.astype(np.int64) * (len(paths.offsets) - 1) + rows)
    channel, row = pairs // (len(paths.offsets) - 1), pairs % (len(paths.offsets) - 1)
    return np.column_stack(
        [
            np.bincount(channel, weights=paths.conversions[row], minlength=size),
            np.bincount(channel, weights=paths.nulls[row], minlength=size),
        ]
    )
