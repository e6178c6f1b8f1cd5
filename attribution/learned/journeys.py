"""The journeys of a tenant as arrays, from the read model: what a fit looks at."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

import numpy as np
from django.db import connection, transaction

from attribution.credit.paths import Ints, Paths
from attribution.journeys.build import MICROSECONDS_PER_DAY
from attribution.learned.compute import Observed
from attribution.projection import sums
from attribution.projection.standing import standing
from attribution.store.words import DIMENSIONS, MICRO

_READ = """
SELECT id, conversion_type, segment, value, acquires,
       (extract(epoch FROM ended_at) * 1000000)::bigint, times, channels, campaigns, sources
FROM attribution_journey WHERE cardinality(positions) > 0 ORDER BY id
"""
_BATCH = 20_000
_PER_ROW = 6


def observed() -> Observed:
    """All journeys of the active tenant with touches.

    Ages count back from the conversion; in a null journey from where it could no longer end in one:
    the look-back after its last touch, or the end of what is known.
    """
    (ids, kinds, segments, values, acquires, ends), (times, *keys), lengths = _columns()
    converted = kinds > 0
    newest = int(max(ends.max(initial=0), times.max(initial=0)))
    window = standing().rules.lookback_days * MICROSECONDS_PER_DAY
    until = np.where(converted, ends, np.minimum(ends + window, newest))
    ages = (np.repeat(until, lengths) - times) / MICROSECONDS_PER_DAY
    channels, tokens = np.unique(keys[0], return_inverse=True)
    labels = sums.labels(0)
    return Observed(
        paths=Paths(
            channels=tuple(labels.get(key, str(key)) for key in channels.tolist()),
            tokens=tokens.astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            conversions=converted.astype(np.float64),
            value=np.where(converted, np.maximum(values / MICRO, 0.0), 0.0),
            nulls=(~converted).astype(np.float64),
            ages=np.maximum(ages, 0.0),
            began=times[np.cumsum(lengths) - lengths] / MICROSECONDS_PER_DAY,
        ),
        keys=dict(zip(DIMENSIONS, keys, strict=True)),
        journey=ids,
        day=ends // MICROSECONDS_PER_DAY,
        segment=segments,
        conversion_type=kinds,
        acquires=acquires,
    )


def _columns() -> tuple[list[Ints], list[Ints], Ints]:
    """Id, type, segment, value, whether it acquires, and end (rows,); times and keys (touches,).

    Last, how many touches each row has.
    """
    by_row: list[list[Ints]] = [[] for _ in range(_PER_ROW)]
    by_touch: list[list[Ints]] = [[] for _ in range(1 + len(DIMENSIONS))]
    lengths: list[Ints] = []
    for rows in _batches():
        columns = list(zip(*rows, strict=True))
        for place, part in enumerate(by_row):
            part.append(np.array(columns[place], dtype=np.int64))
        for place, part in enumerate(by_touch, start=_PER_ROW):
            part.append(np.fromiter(chain.from_iterable(columns[place]), dtype=np.int64))
        lengths.append(np.fromiter(map(len, columns[_PER_ROW]), dtype=np.int64))
    return list(map(_joined, by_row)), list(map(_joined, by_touch)), _joined(lengths)


def _joined(parts: list[Ints]) -> Ints:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _batches() -> Iterator[list[Any]]:
    with transaction.atomic():
        connection.ensure_connection()
        with connection.cursor() as first:
            first.execute("SELECT 1")  # makes the tenant's schema the active one
        with connection.connection.cursor(name="journeys") as cursor:
            cursor.execute(_READ)
            while rows := cursor.fetchmany(_BATCH):
                yield rows
