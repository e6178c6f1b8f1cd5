"""What journeys add to the stores: pure, exact, additive.

Every function takes journeys with a sign each (+1 to add, -1 to take away) and returns
``{key: sums}``, without keys whose sums are all zero.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import chain
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from attribution.store.record import Record
from attribution.store.stored_paths import stored
from attribution.store.weights import Rows, apportion, weigh
from attribution.store.words import ADDITIVE, DIMENSIONS, END, START, UNIT

Ints = NDArray[np.int64]
Group = tuple[date, int, int]
CreditKey = tuple[int, int, date, int, int, int]
TransitionKey = tuple[int, date, int, int, int, int]
PathKey = tuple[int, date, int, int, UUID, bytes]
TotalKey = tuple[date, int, int]
Signed = Sequence[tuple[Record, int]]

_SHIFT = 1 << 31


def keys_of(record: Record, dimension: int) -> tuple[int, ...]:
    """The journey's touches in a dimension (an index of ``DIMENSIONS``)."""
    return (record.channels, record.campaigns, record.sources)[dimension]


def group_of(record: Record) -> Group:
    """The day, conversion type and segment a journey is kept under."""
    return record.day, record.conversion_type, record.segment


def credit(journeys: Signed, direct: int) -> dict[CreditKey, tuple[int, int, int]]:
    """(dimension, model, day, type, segment, key) -> units of (credit, value, acquired credit).

    ``direct`` is the id of the channel that last-non-direct passes over (-1: there is none).
    """
    converting = [pair for pair in journeys if pair[0].converted and pair[0].positions]
    if not converting:
        return {}
    records = [record for record, _ in converting]
    groups, group = _groups(records)
    lengths = _ints(len(record.positions) for record in records)
    journey = np.repeat(np.arange(len(records)), lengths)
    sign = _ints(sign for _, sign in converting)[journey]
    value = _ints(record.value for record in records)[journey]
    new = _ints(record.acquires for record in records)[journey]
    units = np.full(len(journey), UNIT, dtype=np.int64)
    sums: dict[CreditKey, tuple[int, int, int]] = {}
    for dimension in range(len(DIMENSIONS)):
        rows = _rows(records, lengths, journey, dimension, direct)
        place = group[journey] * _SHIFT + rows.key
        for number, model in enumerate(ADDITIVE):
            weights = weigh(model, rows)
            share = apportion(units, weights, rows) * sign
            money = apportion(value, weights, rows) * sign
            for at, (c, v, acquired) in _sums(place, share, money, share * new).items():
                day, kind, segment = groups[at // _SHIFT]
                sums[(dimension, number, day, kind, segment, at % _SHIFT)] = (c, v, acquired)
    return sums


def transitions(journeys: Signed) -> dict[TransitionKey, tuple[int, int, int]]:
    """(dimension, day, type, segment, before, after) -> what passes.

    These are journeys, their value in units, and those that acquire.
    """
    walked = [pair for pair in journeys if pair[0].positions]
    if not walked:
        return {}
    groups, group = _groups([record for record, _ in walked])
    steps = _ints(len(record.positions) + 1 for record, _ in walked)
    sign = np.repeat(_ints(sign for _, sign in walked), steps)
    value = np.repeat(_ints(record.value for record, _ in walked), steps) * sign
    new = np.repeat(_ints(record.acquires for record, _ in walked), steps) * sign
    group = np.repeat(group, steps)
    sums: dict[TransitionKey, tuple[int, int, int]] = {}
    for dimension in range(len(DIMENSIONS)):
        before = _ints(chain.from_iterable((START, *keys_of(r, dimension)) for r, _ in walked))
        after = _ints(chain.from_iterable((*keys_of(r, dimension), END) for r, _ in walked))
        states, code = np.unique(np.concatenate([before, after]), return_inverse=True)
        size = len(states)
        place = (group * size + code[: len(before)]) * size + code[len(before) :]
        for at, (count, money, acquired) in _sums(place, sign, value, new).items():
            day, kind, segment = groups[at // (size * size)]
            pair = int(states[at // size % size]), int(states[at % size])
            sums[(dimension, day, kind, segment, *pair)] = (count, money, acquired)
    return sums


def paths(journeys: Signed) -> dict[PathKey, tuple[int, int, int, int]]:
    """(dimension, day, type, segment, digest, packed path) -> sums.

    These are journeys, value, the squares of value, and journeys that acquire. Value is in units,
    the sum of its squares in units squared: Python's integers hold it exactly.
    """
    sums: dict[PathKey, list[int]] = defaultdict(lambda: [0] * 4)
    for record, sign in journeys:
        if not record.positions:
            continue
        day, kind, segment = group_of(record)
        for dimension in range(len(DIMENSIONS)):
            keys = keys_of(record, dimension)
            entry = sums[(dimension, day, kind, segment, *stored(keys))]
            entry[0] += sign
            entry[1] += sign * record.value
            entry[2] += sign * record.value**2
            entry[3] += sign * record.acquires
    return {key: (e[0], e[1], e[2], e[3]) for key, e in sums.items() if any(e)}


def totals(journeys: Signed) -> dict[TotalKey, tuple[int, ...]]:
    """(day, type, segment) -> journeys, touches, value, unattributed journeys and their value.

    Then journeys that acquire, and the unattributed ones among these.
    """
    sums: dict[TotalKey, list[int]] = defaultdict(lambda: [0] * 7)
    for record, sign in journeys:
        alone = record.converted and not record.positions
        entry = sums[group_of(record)]
        entry[0] += sign
        entry[1] += sign * len(record.positions)
        entry[2] += sign * record.value
        entry[3] += sign * alone
        entry[4] += sign * alone * record.value
        entry[5] += sign * record.acquires
        entry[6] += sign * (alone and record.acquires)
    return {key: tuple(e) for key, e in sums.items() if any(e)}


def _groups(records: Sequence[Record]) -> tuple[list[Group], Ints]:
    numbers: dict[Group, int] = {}
    codes = _ints(numbers.setdefault(group_of(record), len(numbers)) for record in records)
    return list(numbers), codes


def _rows(
    records: Sequence[Record], lengths: Ints, journey: Ints, dimension: int, direct: int
) -> Rows:
    starts = np.cumsum(lengths) - lengths
    ended = _ints(record.ended for record in records)[journey]
    return Rows(
        journey=journey,
        rank=np.arange(len(journey)) - starts[journey],
        length=lengths[journey],
        age=ended - _ints(chain.from_iterable(record.times for record in records)),
        direct=_ints(chain.from_iterable(record.channels for record in records)) == direct,
        key=_ints(chain.from_iterable(keys_of(record, dimension) for record in records)),
    )


def _sums(place: Ints, *columns: Ints) -> dict[int, list[int]]:
    """Sum the columns by place; places where every sum is zero are left out."""
    places, code = np.unique(place, return_inverse=True)
    summed = np.zeros((len(places), len(columns)), dtype=np.int64)
    for index, column in enumerate(columns):
        np.add.at(summed[:, index], code, column)
    kept = summed.any(axis=1)
    return dict(zip(places[kept].tolist(), summed[kept].tolist(), strict=True))


def _ints(values: Iterable[int]) -> Ints:
    return np.fromiter(values, dtype=np.int64)
