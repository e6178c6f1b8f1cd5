"""Samples of the Markov model: transition counts of all samples in one pass, then their solves."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.bootstrap.influence import removal_of_samples
from attribution.credit.bootstrap.lookup import MIX, slots_of
from attribution.credit.bootstrap.poisson import BLOCK, fill, fill_value
from attribution.credit.bootstrap.sampler import NULLS, Keys, Sampler
from attribution.credit.chain import DENSE
from attribution.credit.compiled import compiled
from attribution.credit.counts import TransitionCounts, transition_counts
from attribution.credit.passes import slot_of
from attribution.credit.paths import Floats, Ints

_BYTES = 96 * 1024 * 1024


def credit(sampler: Sampler, order: int) -> tuple[Floats, Floats]:
    """Credit and removal effects in every sample, each (channels, 2, replicates).

    At order 1, up to 200 channels, every sample is solved; beyond, ``influence`` says what its
    journeys move.
    """
    counts = transition_counts(sampler.paths, order)
    few = order == 1 and len(counts.channels) < DENSE
    effects, totals = (_solved if few else removal_of_samples)(sampler, counts)
    sums = effects.sum(axis=0)
    shares: Floats = np.divide(effects, sums, out=np.zeros_like(effects), where=sums > 0)
    return shares * totals, effects


def _solved(sampler: Sampler, counts: TransitionCounts) -> tuple[Floats, Floats]:
    """Removal effects (channels, 2, replicates) and totals (2, replicates) at order 1, exactly."""
    channels = len(counts.channels)
    effects = np.zeros((channels, 2, sampler.replicates))
    totals = np.zeros((2, sampler.replicates))
    ends = counts.keys % (channels + 1) == 0
    slots = slots_of(counts.keys)
    # As many blocks of replicates at a time as fit into memory.
    per_block = max(counts.keys.size, 1) * 3 * BLOCK * 8
    step = max(1, _BYTES // per_block) * BLOCK
    for start in range(0, sampler.replicates, step):
        size = min(step, sampler.replicates - start)
        edges = np.zeros((counts.keys.size, 3, size))
        _walk(sampler, counts, slots, start // BLOCK, edges)
        here = slice(start, start + size)
        effects[:, :, here] = _first_order(counts.keys, channels, edges)
        totals[:, here] = edges[ends][:, [0, 2]].sum(axis=0)
    return effects, totals


def _walk(
    sampler: Sampler,
    counts: TransitionCounts,
    slots: NDArray[np.int32],
    first: int,
    edges: Floats,
) -> None:
    paths, base = sampler.paths, len(counts.channels) + 1
    _add(
        paths.tokens,
        paths.offsets,
        np.column_stack([paths.conversions, paths.nulls, paths.value, sampler.deviation]),
        sampler.keys,
        np.array([base, base**counts.order, first], dtype=np.int64),
        counts.keys,
        slots,
        sampler.tables,
        edges,
    )


@compiled
def _draw_row(
    key: np.uint64, amounts: Floats, first: int, tables: NDArray[np.uint8], row: Floats
) -> None:
    """A row's samples in ``row`` (3, size): conversions, nulls and value; 0 where it has none."""
    row[:] = 0.0
    if amounts[0] > 0.0:
        fill(key, amounts[0], first, tables, row[0])
        fill_value(key, amounts[2] / amounts[0], amounts[3], row[0], first, row[2])
    if amounts[1] > 0.0:
        fill(key ^ NULLS, amounts[1], first, tables, row[1])


@compiled
def _add(
    tokens: NDArray[Any],
    offsets: Ints,
    amounts: Floats,
    keys: Keys,
    shape: Ints,
    edge_keys: Ints,
    slots: NDArray[np.int32],
    tables: NDArray[np.uint8],
    edges: Floats,
) -> None:
    """Add every sample of every row to the transitions it passes: ``edges`` (edges, 3, size)."""
    base, states, first = shape[0], shape[1], shape[2]
    drawn = np.empty((3, edges.shape[2]))
    for row in range(offsets.size - 1):
        if amounts[row, 0] + amounts[row, 1] == 0.0:
            continue
        _draw_row(keys[row], amounts[row], first, tables, drawn)
        state = 0
        for at in range(offsets[row], offsets[row + 1] + 1):
            digit = np.int64(tokens[at]) + 1 if at < offsets[row + 1] else 0
            key = state * base + digit
            after = key % states
            if digit > 0 and after == state:
                continue
            state = after
            _sum_up(drawn, amounts[row], edges[slots[slot_of(key, MIX, edge_keys, slots)]])


@compiled
def _sum_up(drawn: Floats, amounts: Floats, edge: Floats) -> None:
    """Add a row's samples to an edge, conversions only where it has any, nulls likewise."""
    if amounts[0] > 0.0:
        for replicate in range(edge.shape[1]):
            edge[0, replicate] += drawn[0, replicate]
            edge[2, replicate] += drawn[2, replicate]
    if amounts[1] > 0.0:
        for replicate in range(edge.shape[1]):
            edge[1, replicate] += drawn[1, replicate]


def _first_order(keys: Ints, channels: int, edges: Floats) -> Floats:
    """Removal effects (channels, 2, samples) from the edges (edges, 3, samples) of each sample.

    All samples with one stacked inverse; formula as in ``chain``.
    """
    base, samples = channels + 1, edges.shape[2]
    before, digit = keys // base, keys % base
    ends = digit == 0
    flow = np.zeros((samples, base, base))
    passing = (edges[:, 0] + edges[:, 1]).T
    flow[:, before[~ends], digit[~ends]] = passing[:, ~ends]
    leaving = np.zeros((samples, base, 2))
    leaving[:, before[ends]] = edges[ends][:, [0, 2]].transpose(2, 0, 1)
    total = np.zeros((base, samples))
    np.add.at(total, before, passing.T)
    total = total.T
    share = np.where(total > 0, total, 1.0)[:, :, None]
    fundamental = np.linalg.inv(np.eye(base) - flow / share)
    outcome = fundamental @ (leaving / share)
    diagonal = np.einsum("rii->ri", fundamental)
    met = fundamental[:, 0, 1:] / diagonal[:, 1:]
    effects = met[:, :, None] * outcome[:, 1:]
    whole = outcome[:, :1]
    found: Floats = np.divide(effects, whole, out=np.zeros_like(effects), where=whole > 0)
    return np.minimum(found, 1.0).transpose(1, 2, 0)
