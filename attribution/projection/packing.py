"""Pack the store of paths: rows of a cell become one value once there are enough of them.

What is projected later is added as rows again, negative ones where journeys go; a question sums
both and sees no difference. A cell is packed anew when its rows are a good part of what is packed,
so each path is written a few times at most, however long the day.

The projection does not wait: rows are read and packed beside it, and what was packed is then
subtracted from the rows, whatever became of them meanwhile. Should the value have been replaced in
between (another packer, a rebuild), nothing of it counts and the next run begins anew. So it is
when the rows stay locked for a moment: the projection goes first, and no two wait for each other.
"""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import psycopg
from django.db import OperationalError, connection, transaction

from attribution.projection import tables
from attribution.projection.sums import rows
from attribution.store.packed import PathSums, merged, pack, unpack

FEWEST = 64
"""Rows from which on a cell is worth packing."""

_SHARE = 0.25
_AT_ONCE = 10_000
"""Rows of a cell packed in one transaction: as long as it lasts they are locked."""

_DUE = """
SELECT dimension, segment, day, conversion_type, waiting.rows
FROM (SELECT dimension, segment, day, conversion_type, count(*) AS rows
      FROM attribution_daily_path GROUP BY dimension, segment, day, conversion_type
      HAVING count(*) >= %s) AS waiting
LEFT JOIN attribution_packed_path AS packed USING (dimension, segment, day, conversion_type)
WHERE waiting.rows >= %s * coalesce(packed.paths, 0)
ORDER BY dimension, segment, day, conversion_type
"""
# Shorter than the server takes to look for deadlocks.
_PATIENCE = "SET LOCAL lock_timeout = '300ms'"
_HERE = "dimension = %s AND segment = %s AND day = %s AND conversion_type = %s"
_LOOSE = (
    "SELECT digest, path, journeys, value, value_squares, acquired FROM attribution_daily_path"  # noqa: S608  # constants
    f" WHERE {_HERE} ORDER BY digest LIMIT %s"
)
# The row's own version says whether somebody has replaced it since.
_PACKED = f"SELECT data, xmin::text FROM attribution_packed_path WHERE {_HERE}"  # noqa: S608  # constants
_PUT = """
INSERT INTO attribution_packed_path (dimension, segment, day, conversion_type, paths, data)
VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING RETURNING 1
"""
_REPLACE = (
    f"UPDATE attribution_packed_path SET paths = %s, data = %s WHERE {_HERE}"  # noqa: S608  # constants
    " AND xmin::text = %s RETURNING 1"
)

Place = tuple[Any, ...]


def pack_paths(*, most: int = 500_000) -> int:
    """Pack the active tenant's cells that are worth it, each in transactions of its own.

    Stops after ``most`` rows: whoever calls has more to do. Returns how many cells.
    """
    done = 0
    for *place, count in _up_to(most, iter(rows(_DUE, [FEWEST, _SHARE]))):
        left = count
        while left > 0 and _pack(tuple(place)):
            left -= _AT_ONCE
        done += left <= 0
    return done


def _up_to(most: int, due: Iterator[Any]) -> Iterator[Any]:
    for row in due:
        if most <= 0:
            return
        yield row
        most -= row[-1]


def _pack(place: Place) -> bool:
    """Pack some rows of a cell; whether that went well."""
    before = rows(_PACKED, place)
    fresh = {
        digest.bytes: PathSums(bytes(path), journeys, value, int(squares), acquired)
        for digest, path, journeys, value, squares, acquired in rows(_LOOSE, [*place, _AT_ONCE])
    }
    whole = merged([*(unpack(bytes(data)) for data, _ in before), fresh])
    data = pack(whole)
    taken = _taken(place, fresh)
    put = [*place, len(whole), data]
    if before:
        put = [len(whole), data, *place, before[0][1]]
    try:
        with transaction.atomic():
            _execute(_PATIENCE)
            if not rows(_REPLACE if before else _PUT, put):
                return False
            tables.add(tables.PATH, taken, negative=True)
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.LockNotAvailable):
            return False
        raise
    return True


def _execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _taken(place: Place, fresh: dict[bytes, PathSums]) -> dict[Any, tuple[int, ...]]:
    """What is to be subtracted from the rows, by their keys."""
    dimension, segment, day, kind = place
    return {
        (dimension, day, kind, segment, UUID(bytes=digest), sums.path): tuple(
            -amount for amount in sums[1:]
        )
        for digest, sums in fresh.items()
    }
