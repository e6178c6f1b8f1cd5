"""What each touch of a journey weighs under each additive model, in integers.

Integer weights make the credit of a journey exact and independent of the batch it is computed in:
credit is apportioned by largest remainder, so a journey's credits sum to its conversion and its
value to the last unit. Formulas: position 40/20/40 is
2(n-2), 1, ..., 1, 2(n-2); time decay 2^(-age / half-life), age counted back from the conversion
and the weight rounded to 2^-24; Shapley in closed form, an equal part for each distinct key of
the journey (Zhao et al. 2018, arXiv 1804.05327).
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attribution.contracts import Model

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

HALF_LIFE_DAYS = 7.0
_PRECISION = 1 << 24
_MICROSECONDS_PER_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Touches of many journeys in one row each: ``journey`` ascending, within it in order of time.

    ``rank`` counts from 0 within the journey, ``length`` is the journey's number of touches,
    ``age`` are microseconds before the journey's end, ``key`` is the touch's key in the dimension.
    """

    journey: Ints
    rank: Ints
    length: Ints
    age: Ints
    direct: Flags
    key: Ints


def weigh(model: Model, rows: Rows) -> Ints:
    """Non-negative integer weights, at least one positive in each journey."""
    return _WEIGHTS[model](rows)


def _first(rows: Rows) -> Ints:
    first: Ints = (rows.rank == 0).astype(np.int64)
    return first


def _last(rows: Rows) -> Ints:
    last: Ints = (rows.rank == rows.length - 1).astype(np.int64)
    return last


def _last_non_direct(rows: Rows) -> Ints:
    """The last touch that is not direct; the last one when all are."""
    if not len(rows.journey):
        return np.zeros(0, dtype=np.int64)
    candidate = np.where(rows.direct, -1, rows.rank)
    best = np.full(int(rows.journey[-1]) + 1, -1, dtype=np.int64)
    np.maximum.at(best, rows.journey, candidate)
    chosen = best[rows.journey]
    last: Ints = (rows.rank == np.where(chosen < 0, rows.length - 1, chosen)).astype(np.int64)
    return last


def _linear(rows: Rows) -> Ints:
    return np.ones(len(rows.rank), dtype=np.int64)


def _position(rows: Rows) -> Ints:
    edge = (rows.rank == 0) | (rows.rank == rows.length - 1)
    return np.where(edge & (rows.length > 2), 2 * (rows.length - 2), 1).astype(np.int64)


def _time_decay(rows: Rows) -> Ints:
    days = rows.age / _MICROSECONDS_PER_DAY
    decayed = np.rint(_PRECISION * np.exp2(-days / HALF_LIFE_DAYS)).astype(np.int64)
    kept: Ints = np.maximum(decayed, 1)
    return kept


def _shapley(rows: Rows) -> Ints:
    """1 for the first touch of each distinct key, 0 for its repetitions."""
    order = np.lexsort((rows.rank, rows.key, rows.journey))
    journey, key = rows.journey[order], rows.key[order]
    fresh = np.ones(len(order), dtype=np.int64)
    fresh[1:] = (journey[1:] != journey[:-1]) | (key[1:] != key[:-1])
    weights = np.empty(len(order), dtype=np.int64)
    weights[order] = fresh
    return weights


_WEIGHTS: dict[Model, Callable[[Rows], Ints]] = {
    Model.FIRST: _first,
    Model.LAST: _last,
    Model.LAST_NON_DIRECT: _last_non_direct,
    Model.LINEAR: _linear,
    Model.POSITION: _position,
    Model.TIME_DECAY: _time_decay,
    Model.SHAPLEY: _shapley,
}


def apportion(amount: Ints, weights: Ints, rows: Rows) -> Ints:
    """Split ``amount`` (per row, the same within a journey) by ``weights``; exact, in integers.

    Largest remainder: shares are rounded down and the units left over go to the largest fractions,
    the earlier touch first among equals. Negative amounts (refunds) mirror positive ones. Safe from
    overflow for journeys of up to 16,000 touches and amounts up to 9e15.
    """
    if not len(weights):
        return np.zeros(0, dtype=np.int64)
    count = int(rows.journey[-1]) + 1
    total = np.zeros(count, dtype=np.int64)
    np.add.at(total, rows.journey, weights)
    size = total[rows.journey]
    whole, rest = np.divmod(np.abs(amount), size)
    part = rest * weights
    share = whole * weights + part // size
    fraction = part % size
    given = np.zeros(count, dtype=np.int64)
    np.add.at(given, rows.journey, share)
    left = np.abs(amount) - given[rows.journey]
    order = np.lexsort((rows.rank, -fraction, rows.journey))
    starts = np.flatnonzero(rows.rank == 0)
    share[order] += (np.arange(len(order)) - starts[rows.journey]) < left[order]
    return share * np.sign(amount)
