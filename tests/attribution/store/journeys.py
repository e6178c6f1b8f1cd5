"""Journeys for tests of the stores, and their paths as they are read back."""

import numpy as np

from attribution.store import tally
from attribution.store.record import Record
from attribution.store.stored_paths import Columns, gather

DAY = 86_400_000_000


def record(keys, *, kind=9, value=1_000_000, acquires=False, gap=DAY, id=1):
    """A journey with one touch a day before its end for each key."""
    size = len(keys)
    return Record(
        id=id,
        person="p",
        conversion_type=kind,
        segment=1,
        started=0,
        ended=40 * DAY,
        value=value if kind else 0,
        acquires=acquires and bool(kind),
        positions=tuple(range(1, size + 1)),
        times=tuple(40 * DAY - gap * (size - n) for n in range(size)),
        channels=tuple(keys),
        campaigns=tuple(key + 100 for key in keys),
        sources=tuple(key + 200 for key in keys),
    )


def stored(records, dimension=0):
    """What is read back of the paths of ``records``."""
    rows = [
        (*key[2:], *sums)
        for key, sums in tally.paths([(each, 1) for each in records]).items()
        if key[0] == dimension
    ]
    rows.sort(key=lambda row: row[0] == 0)
    won = [row for row in rows if row[0]]
    return gather(
        Columns(
            digests=b"".join(row[2].bytes for row in rows),
            sizes=np.array([len(row[3]) for row in rows], dtype=">i4").tobytes(),
            packed=b"".join(row[3] for row in rows),
            journeys=np.array([row[4] for row in rows], dtype=">i8").tobytes(),
            value=np.array([row[5] for row in won], dtype=">i8").tobytes(),
            value_squares=np.array([float(row[6]) for row in won], dtype=">f8").tobytes(),
        )
    )
