"""Poisson numbers from a counter: the same key and replicate give the same number, in any order.

Every (row, block of replicates) has a stream of its own, splitmix64 started at a hash of both, so a
sample depends neither on the order of the rows nor on how the work is cut.
Sources: Steele, Lea, Flood (2014), "Fast splittable pseudorandom number generators", OOPSLA; for
means from 12 on Hörmann (1993), "The transformed rejection method for generating Poisson random
variables", Insurance: Mathematics and Economics 12(1).
"""

import math

import numpy as np
from numpy.typing import NDArray

from attribution.credit.compiled import compiled
from attribution.credit.paths import Floats

BLOCK = 50
"""Replicates that share a stream."""

_TABLES = 8
_BINS = 65_536
_UNDECIDED = 255
_LARGE = 12.0
_STEP = np.uint64(0x9E3779B97F4A7C15)
_ONE = np.uint64(0xBF58476D1CE4E5B9)
_TWO = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S11, _S16 = (np.uint64(shift) for shift in (30, 27, 31, 11, 16))
_LOW = np.uint64(0xFFFF)
_UNIT = 2.0**-53


def tables() -> NDArray[np.uint8]:
    """For the means 1 to 8 the number of each of 65,536 equal parts of (0, 1): (8, 65536).

    A part in which the distribution function has a step holds 255: there the rest of the uniform
    number decides, so nothing is rounded.
    """
    edges = np.arange(_BINS + 1) / _BINS
    found = np.empty((_TABLES, _BINS), dtype=np.uint8)
    for mean in range(1, _TABLES + 1):
        counts = np.arange(64)
        logs = counts * math.log(mean) - mean - np.array([math.lgamma(k + 1.0) for k in counts])
        steps = np.cumsum(np.exp(logs))
        number = np.searchsorted(steps, edges, side="right")
        found[mean - 1] = np.where(number[1:] == number[:-1], number[:-1], _UNDECIDED)
    return found


@compiled
def mixed(state: np.uint64) -> np.uint64:
    """The finaliser of splitmix64."""
    state = (state ^ (state >> _S30)) * _ONE
    state = (state ^ (state >> _S27)) * _TWO
    return state ^ (state >> _S31)


@compiled
def _inverse(uniform: float, mean: float) -> float:
    """The least k whose distribution function exceeds ``uniform``."""
    count = 0.0
    mass = math.exp(-mean)
    total = mass
    while total <= uniform and count < 1000.0:
        count += 1.0
        mass *= mean / count
        total += mass
    return count


@compiled
def _rejected(state: np.uint64, mean: float) -> tuple[float, np.uint64]:
    """A number of a large mean (Hörmann's PTRS), and where the stream stands after it."""
    b = 0.931 + 2.53 * math.sqrt(mean)
    a = -0.059 + 0.02483 * b
    inverse = 1.1239 + 1.1328 / (b - 3.4)
    limit = 0.9277 - 3.6224 / (b - 2.0)
    while True:
        state += _STEP
        u = (mixed(state) >> _S11) * _UNIT - 0.5
        state += _STEP
        v = (mixed(state) >> _S11) * _UNIT
        distance = 0.5 - abs(u)
        if distance == 0.0:
            continue
        count = math.floor((2.0 * a / distance + b) * u + mean + 0.43)
        if distance >= 0.07 and v <= limit:
            return count, state
        if count < 0.0 or (distance < 0.013 and v > distance) or v == 0.0:
            continue
        left = math.log(v * inverse / (a / (distance * distance) + b))
        if left <= count * math.log(mean) - mean - math.lgamma(count + 1.0):
            return count, state


@compiled
def _looked_up(state: np.uint64, mean: float, table: NDArray[np.uint8], out: Floats) -> None:
    """Numbers of a small whole mean, four from each step of the stream."""
    at = 0
    while at < out.size:
        state += _STEP
        bits = mixed(state)
        for _ in range(min(4, out.size - at)):
            part = bits & _LOW
            out[at] = table[part]
            if table[part] == _UNDECIDED:
                state += _STEP
                rest = (mixed(state) >> _S11) * _UNIT
                out[at] = _inverse((part + rest) / 65536.0, mean)
            bits >>= _S16
            at += 1


@compiled
def fill(key: np.uint64, mean: float, first: int, tables: NDArray[np.uint8], out: Floats) -> None:
    """Fill ``out`` with Poisson numbers of ``mean``: the replicates from block ``first`` on."""
    whole = int(min(mean, 1000.0))
    for start in range(0, out.size, BLOCK):
        state = mixed(key + _STEP * np.uint64(first + start // BLOCK + 1))
        here = out[start : start + BLOCK]
        if whole == mean and 1 <= whole <= tables.shape[0]:
            _looked_up(state, mean, tables[whole - 1], here)
        elif mean < _LARGE:
            for at in range(here.size):
                state += _STEP
                here[at] = _inverse((mixed(state) >> _S11) * _UNIT, mean)
        else:
            for at in range(here.size):
                here[at], state = _rejected(state, mean)


@compiled
def fill_value(
    key: np.uint64, each: float, deviation: float, counts: Floats, first: int, out: Floats
) -> None:
    """The value of ``counts`` conversions worth ``each`` on average, ``deviation`` between them.

    A sum of that many single values, by its normal limit (Box, Muller 1958); never below zero.
    """
    if deviation == 0.0:
        for at in range(counts.size):
            out[at] = counts[at] * each
        return
    state = np.uint64(0)
    for at in range(counts.size):
        if at % BLOCK == 0:
            state = mixed(~key + _STEP * np.uint64(first + at // BLOCK + 1))
        state += _STEP
        one = ((mixed(state) >> _S11) + 0.5) * _UNIT
        state += _STEP
        two = (mixed(state) >> _S11) * _UNIT
        normal = math.sqrt(-2.0 * math.log(one)) * math.cos(2.0 * math.pi * two)
        out[at] = max(counts[at] * each + deviation * math.sqrt(counts[at]) * normal, 0.0)
