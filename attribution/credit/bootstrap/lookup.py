"""From keys to their places: the table that compiled passes look states and transitions up in."""

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.passes import slot_of
from attribution.credit.paths import Ints

MIX = 0x9E3779B97F4A7C15 - (1 << 64)
"""Multiplier for ``passes.slot_of``."""


def slots_of(keys: Ints) -> NDArray[np.int32]:
    """A table in which ``slot_of(key, MIX, keys, table)`` holds the place of each key."""
    slots = np.full(1 << max(4, (2 * keys.size).bit_length()), -1, dtype=np.int32)
    _fill(keys, slots)
    return slots


@compiled
def _fill(keys: Ints, slots: NDArray[np.int32]) -> None:
    for place in range(keys.size):
        slots[slot_of(keys[place], MIX, keys, slots)] = place
