"""Stored sums as what ``attribution.credit`` computes from: counts of transitions, and paths.

Keys become channel numbers by their order; ``channels`` hold the keys as text. Value that refunds
have turned negative counts as none: a removal effect is a share, and there is no share of a loss.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from attribution.credit import Paths, TransitionCounts, transition_counts
from attribution.credit.chain import removal_effects
from attribution.store.stored_paths import StoredPaths
from attribution.store.words import END, START

TransitionRow = tuple[int, int, int, int, int]


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


def paths_of(stored: StoredPaths) -> Paths:
    """Journeys as ``Paths``; value stays in units and its squares in units squared."""
    walked = (stored.conversions > 0) | (stored.nulls > 0)
    lengths = stored.lengths[walked]
    flat = stored.keys[np.repeat(walked, stored.lengths)]
    occurring = np.bincount(flat) > 0  # keys are small: a table is faster than sorting them
    keys, tokens = np.flatnonzero(occurring), (np.cumsum(occurring) - 1)[flat]
    conversions, value = stored.conversions[walked], stored.value[walked]
    worth = (conversions > 0) & (value > 0)
    return Paths(
        channels=tuple(map(str, keys.tolist())),
        tokens=tokens.astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=conversions,
        value=np.where(worth, value, 0.0),
        nulls=stored.nulls[walked],
        value_squares=np.where(worth, stored.value_squares[walked], 0.0),
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


def of_paths(stored: StoredPaths, order: int) -> Effects:
    """Any order from 1 to 4, from the store of paths."""
    return effects(transition_counts(paths_of(stored), order))


def shares(effects: dict[int, float]) -> dict[int, float]:
    """Effects scaled to sum to one (to nothing, when all are zero)."""
    total = sum(effects.values())
    return {key: effect / total for key, effect in effects.items()} if total > 0 else {}
