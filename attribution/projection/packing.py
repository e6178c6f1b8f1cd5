"""Pack the store of paths: rows of a cell become one value once there are enough of them.

What is projected later is added as rows again, negative ones where journeys go; a question sums
both and sees no difference. A cell is packed anew when its rows are a good part of what is packed,
so each path is written a few times at most, however long the day.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.db import transaction

from attribution.projection import tables
from attribution.projection.sums import rows
from attribution.store.packed import PathSums, merged, pack, unpack
from eventlog import subscriptions

FEWEST = 64
"""Rows from which on a cell is worth packing."""

_SHARE = 0.25
_AT_ONCE = 20_000
"""Rows of a transaction: the projection waits meanwhile."""

_DUE = """
SELECT dimension, segment, day, conversion_type, waiting.rows
FROM (SELECT dimension, segment, day, conversion_type, count(*) AS rows
      FROM attribution_daily_path GROUP BY dimension, segment, day, conversion_type
      HAVING count(*) >= %s) AS waiting
LEFT JOIN attribution_packed_path AS packed USING (dimension, segment, day, conversion_type)
WHERE waiting.rows >= %s * coalesce(packed.paths, 0)
ORDER BY dimension, segment, day, conversion_type
"""
_CELLS = (
    "unnest(%s::smallint[], %s::smallint[], %s::date[], %s::integer[])"
    " AS cell (dimension, segment, day, conversion_type)"
)
_SAME = (
    "(stored.dimension, stored.segment, stored.day, stored.conversion_type)"
    " = (cell.dimension, cell.segment, cell.day, cell.conversion_type)"
)
_KEY = "stored.dimension, stored.segment, stored.day, stored.conversion_type"
_TAKE = (
    f"DELETE FROM attribution_daily_path AS stored USING {_CELLS} WHERE {_SAME}"  # noqa: S608  # constants
    f" RETURNING {_KEY}, stored.digest, stored.path, journeys, value, value_squares, acquired"
)
_PACKED = (
    f"SELECT {_KEY}, stored.data FROM attribution_packed_path AS stored"  # noqa: S608  # constants
    f" JOIN {_CELLS} ON {_SAME}"
)
_COLUMNS = (
    ("dimension", "smallint"), ("segment", "smallint"), ("day", "date"),
    ("conversion_type", "integer"), ("paths", "bigint"), ("data", "bytea"),
)  # fmt: skip
_REPLACED = (
    "ON CONFLICT (dimension, segment, day, conversion_type) DO UPDATE"
    " SET paths = excluded.paths, data = excluded.data"
)

Place = tuple[Any, ...]


def pack_paths(*, most: int = 500_000) -> int:
    """Pack the active tenant's cells that are worth it, a bounded number in each transaction.

    Stops after ``most`` rows: whoever calls has more to do. Returns how many cells.
    """
    done = 0
    due = iter(rows(_DUE, [FEWEST, _SHARE]))
    for batch in _batches(_up_to(most, due)):
        with transaction.atomic():
            subscriptions.hold("attribution")
            _pack(batch)
        done += len(batch)
    return done


def _up_to(most: int, due: Iterator[Any]) -> Iterator[Any]:
    for row in due:
        if most <= 0:
            return
        yield row
        most -= row[-1]


def _batches(due: Iterator[Any]) -> Iterator[list[Place]]:
    batch: list[Place] = []
    size = 0
    for *place, count in due:
        batch.append(tuple(place))
        size += count
        if size >= _AT_ONCE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _pack(places: Sequence[Place]) -> None:
    columns = [list(column) for column in zip(*places, strict=True)]
    cells: dict[Place, list[dict[bytes, PathSums]]] = defaultdict(list)
    for *place, data in rows(_PACKED, columns):
        cells[tuple(place)].append(unpack(bytes(data)))
    fresh: dict[Place, dict[bytes, PathSums]] = defaultdict(dict)
    for *key, digest, path, journeys, value, squares, acquired in rows(_TAKE, columns):
        sums = PathSums(bytes(path), journeys, value, int(squares), acquired)
        fresh[tuple(key)][digest.bytes] = sums
    for place, cell in fresh.items():
        cells[place].append(cell)
    lines = []
    for place, parts in sorted(cells.items()):
        whole = merged(parts)
        lines.append((*place, len(whole), pack(whole)))
    tables.insert("attribution_packed_path", _COLUMNS, lines, conflict=_REPLACED)
