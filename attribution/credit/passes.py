"""The loops over coded touches that turn per-touch rules into credit per channel."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@compiled
def positional(
    tokens: NDArray[Any],
    offsets: Ints,
    conversions: Floats,
    value: Floats,
    table: Floats,
    starts: Ints,
    out: Floats,
) -> None:
    """Add the credit of m positional models to ``out`` (channels, m, 2: conversions and value).

    ``table[starts[length] + place]`` holds the m weights of a touch at ``place`` of a journey of
    ``length`` touches.
    """
    models = table.shape[1]
    for row in range(offsets.size - 1):
        worth = value[row]
        count = conversions[row]
        if count == 0.0 and worth == 0.0:
            continue
        begin = offsets[row]
        shift = starts[offsets[row + 1] - begin] - begin
        for at in range(begin, offsets[row + 1]):
            for model in range(models):
                weight = table[shift + at, model]
                out[tokens[at], model, 0] += weight * count
                out[tokens[at], model, 1] += weight * worth


@compiled
def weighted(
    tokens: NDArray[Any],
    offsets: Ints,
    conversions: Floats,
    value: Floats,
    weights: Floats,
    out: Floats,
) -> None:
    """Add credit under per-touch ``weights`` (aligned with ``tokens``) to ``out`` (channels, 2)."""
    for row in range(offsets.size - 1):
        for at in range(offsets[row], offsets[row + 1]):
            out[tokens[at], 0] += weights[at] * conversions[row]
            out[tokens[at], 1] += weights[at] * value[row]


@compiled
def distinct(
    tokens: NDArray[Any], offsets: Ints, conversions: Floats, value: Floats, out: Floats
) -> None:
    """Add 1/|distinct channels| of every journey to each of its channels in ``out`` (n, 2)."""
    seen = np.full(out.shape[0], -1, np.int64)
    for row in range(offsets.size - 1):
        if conversions[row] == 0.0 and value[row] == 0.0:
            continue
        different = 0
        for at in range(offsets[row], offsets[row + 1]):
            if seen[tokens[at]] != row:
                seen[tokens[at]] = row
                different += 1
        share = 1.0 / different
        for at in range(offsets[row], offsets[row + 1]):
            if seen[tokens[at]] == row:
                seen[tokens[at]] = -1
                out[tokens[at], 0] += conversions[row] * share
                out[tokens[at], 1] += value[row] * share


@compiled
def distinct_weights(tokens: NDArray[Any], offsets: Ints, channels: int, weights: Floats) -> None:
    """Per touch 1/(|distinct channels| * touches of its channel in the journey)."""
    times = np.zeros(channels, np.int64)
    for row in range(offsets.size - 1):
        different = 0
        for at in range(offsets[row], offsets[row + 1]):
            different += times[tokens[at]] == 0
            times[tokens[at]] += 1
        for at in range(offsets[row], offsets[row + 1]):
            weights[at] = 1.0 / (different * times[tokens[at]])
        for at in range(offsets[row], offsets[row + 1]):
            times[tokens[at]] = 0


@compiled
def last_allowed(
    tokens: NDArray[Any], offsets: Ints, passed_over: NDArray[np.bool_], weights: Floats
) -> None:
    """Weight 1 on the last touch not ``passed_over`` (per channel), else on the last touch."""
    for row in range(offsets.size - 1):
        chosen = offsets[row + 1] - 1
        for at in range(offsets[row + 1] - 1, offsets[row] - 1, -1):
            if not passed_over[tokens[at]]:
                chosen = at
                break
        weights[chosen] = 1.0


@compiled
def slot_of(key: int, multiplier: int, keys: Ints, slots: NDArray[np.int32]) -> int:
    """Where ``key`` is, or would go, in the table ``slots`` (multiplier 1: at its own number)."""
    if multiplier == 1:
        return key
    mask = slots.size - 1
    mixed = key * multiplier
    slot = (mixed ^ (mixed >> 29)) & mask
    while slots[slot] >= 0 and keys[slots[slot]] != key:
        slot = (slot + 1) & mask
    return slot


@compiled
def grams(
    tokens: NDArray[Any],
    offsets: Ints,
    amounts: Floats,
    shape: Ints,
    keys: Ints,
    edges: Floats,
    slots: NDArray[np.int32],
) -> int:
    """Count transitions between k-grams of touches into ``edges`` (m, 3); the number found.

    A state is the number of its last k touches in base n + 1 (digit = token + 1, the start is 0);
    a transition is its state followed by one more digit (0: the journey ends), so ``keys`` holds
    (k + 1)-grams. A step to the same state is left out. ``amounts`` (rows, 3) are the converting,
    null and value sums a row adds; rows without journeys add nothing. ``shape`` is (n + 1,
    (n + 1)^k, hash multiplier). Returns -1 when ``keys`` or ``slots`` is too small.
    """
    base, states, multiplier = shape[0], shape[1], shape[2]
    found = 0
    for row in range(offsets.size - 1):
        if amounts[row, 0] + amounts[row, 1] == 0.0:
            continue
        state = 0
        for at in range(offsets[row], offsets[row + 1] + 1):
            digit = np.int64(tokens[at]) + 1 if at < offsets[row + 1] else 0
            key = state * base + digit
            after = key % states
            if digit > 0 and after == state:
                continue
            slot = slot_of(key, multiplier, keys, slots)
            edge = slots[slot]
            if edge < 0:
                if found == keys.size:
                    return -1
                edge = found
                slots[slot] = found
                keys[found] = key
                found += 1
            edges[edge, 0] += amounts[row, 0]
            edges[edge, 1] += amounts[row, 1]
            edges[edge, 2] += amounts[row, 2]
            state = after
    return found
