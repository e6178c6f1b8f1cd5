"""Stored sums as what ``attribution.credit`` computes from: counts of transitions, and paths.

Keys become channel numbers by their order; ``channels`` hold the keys as text. Value that refunds
have turned negative counts as none: a removal effect is a share, and there is no share of a loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from attribution.credit import Paths, TransitionCounts, transition_counts
from attribution.credit.chain import removal_effects
from attribution.store.words import END, START

TransitionRow = tuple[int, int, int, int, int]
PathRow = tuple[Sequence[int], int, int, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """Removal effects by key, on conversions and on value, each in 0..1."""

    conversions: dict[int, float]
    value: dict[int, float]


def counts_of(rows: Sequence[TransitionRow]) -> TransitionCounts:
    """Order 1, from rows (before, after, converting journeys, null journeys, value)."""
    table = np.array(rows, dtype=np.int64).reshape(-1, 5)
    before, after = table[:, 0], table[:, 1]
    keys = np.unique(np.concatenate([before, after]))
    keys = keys[(keys != START) & (keys != END)]
    base = len(keys) + 1
    coded = _digit(before, START, keys) * base + _digit(after, END, keys)
    order = np.argsort(coded)
    return TransitionCounts(
        order=1,
        channels=tuple(map(str, keys.tolist())),
        keys=coded[order],
        edges=np.maximum(table[order][:, [2, 3, 4]], 0).astype(np.float64),
    )


def _digit(states: np.ndarray, none: int, keys: np.ndarray) -> np.ndarray:
    """1 + the place of a state among ``keys``; 0 for ``none``: the start, or the end."""
    return np.where(states == none, 0, np.searchsorted(keys, states) + 1)


def paths_of(rows: Sequence[PathRow]) -> Paths:
    """Journeys as ``Paths``, from rows (path, converting journeys, null journeys, value)."""
    kept = [row for row in rows if row[1] or row[2]]
    lengths = np.fromiter((len(row[0]) for row in kept), dtype=np.int64, count=len(kept))
    flat = np.fromiter(chain.from_iterable(row[0] for row in kept), dtype=np.int64)
    keys, tokens = np.unique(flat, return_inverse=True)
    amounts = np.array([row[1:] for row in kept], dtype=np.float64).reshape(-1, 3)
    return Paths(
        channels=tuple(map(str, keys.tolist())),
        tokens=tokens.astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=np.ascontiguousarray(amounts[:, 0]),
        value=np.where(amounts[:, 0] > 0, np.maximum(amounts[:, 2], 0.0), 0.0),
        nulls=np.ascontiguousarray(amounts[:, 1]),
    )


def effects(counts: TransitionCounts) -> Effects:
    """Exact removal effects of all keys."""
    removal = removal_effects(counts).removal
    keys = [int(name) for name in counts.channels]
    return Effects(
        conversions=dict(zip(keys, removal[:, 0].tolist(), strict=True)),
        value=dict(zip(keys, removal[:, 1].tolist(), strict=True)),
    )


def of_transitions(rows: Sequence[TransitionRow]) -> Effects:
    """Order 1, from the store of transitions."""
    return effects(counts_of(rows))


def of_paths(rows: Sequence[PathRow], order: int) -> Effects:
    """Any order from 1 to 4, from the store of paths."""
    return effects(transition_counts(paths_of(rows), order))


def shares(effects: dict[int, float]) -> dict[int, float]:
    """Effects scaled to sum to one (to nothing, when all are zero)."""
    total = sum(effects.values())
    return {key: effect / total for key, effect in effects.items()} if total > 0 else {}
