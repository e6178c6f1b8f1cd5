"""What others ask of the sealed log: checkpoints, proofs, keys. Each reads a few rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from eventlog.contracts import Cursor
from eventlog.merkle import tiles, tree
from eventlog.merkle.tiles import HEIGHT, WIDTH, Place
from eventlog.tenancy import active_tenant
from kernel.errors import InvalidInput, NotFound

_CHECKPOINT = """
SELECT size, root, xid, position, key_version, sealed_at, note FROM log_checkpoint
"""
_TILES = """
SELECT level, index, hashes FROM log_tile
WHERE (level, index) IN (SELECT * FROM unnest(%s::smallint[], %s::bigint[]))
"""
_LEAVES = """
SELECT leaf_index, id, occurred_at, xid, position FROM log_leaf
WHERE id = %s AND leaf_index < %s ORDER BY leaf_index
"""


class NoCheckpoint(NotFound):
    """The log has no checkpoint yet (or none that covers what was asked for)."""

    code = "no_checkpoint"
    title = "Not sealed yet"


class SizeOutOfRange(InvalidInput):
    """The tree never had this size, or has not reached it."""

    code = "size_out_of_range"
    title = "No such tree"


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedCheckpoint:
    """A checkpoint: the tree of ``size`` leaves covers the log up to ``cursor``."""

    size: int
    root: bytes
    cursor: Cursor
    key_version: int
    sealed_at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaf:
    """Which event stands at leaf ``index``; the event itself may have been dropped by policy."""

    index: int
    id: UUID
    occurred_at: datetime
    cursor: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Inclusion:
    """A leaf and the path that proves it in the tree of ``size`` leaves."""

    leaf: Leaf
    leaf_hash: bytes
    size: int
    path: tuple[bytes, ...]


def latest() -> SealedCheckpoint:
    """The newest checkpoint of the active tenant's log; raises ``NoCheckpoint``."""
    found = _checkpoints("ORDER BY size DESC LIMIT 1", [])
    if not found:
        raise NoCheckpoint("Nothing of this log is sealed yet; a few seconds after its first event"
                           " it is.")  # fmt: skip
    return found[0]


def covering(cursor: Cursor) -> SealedCheckpoint | None:
    """The first checkpoint that covers the log up to ``cursor``; ``None`` while there is none.

    A figure computed from the log up to a cursor is proved by this checkpoint and all later ones.
    """
    where = "WHERE (xid, position) >= (%s, %s) ORDER BY xid, position LIMIT 1"
    return next(iter(_checkpoints(where, [*cursor])), None)


def at_size(size: int) -> SealedCheckpoint | None:
    """The checkpoint of exactly ``size`` leaves, or ``None``."""
    return next(iter(_checkpoints("WHERE size = %s", [size])), None)


def history(*, limit: int, below: int | None = None) -> list[SealedCheckpoint]:
    """Checkpoints smaller than ``below``, the newest first."""
    where = "" if below is None else "WHERE size < %s "
    values = [] if below is None else [below]
    return _checkpoints(f"{where}ORDER BY size DESC LIMIT %s", [*values, limit])


def of_sizes(first: int, last: int) -> list[SealedCheckpoint]:
    """Checkpoints of ``first`` to ``last`` leaves, both included, the smallest first."""
    return _checkpoints("WHERE size >= %s AND size <= %s ORDER BY size", [first, last])


def waiting() -> int:
    """How many events wait to be sealed, counted up to 100,000."""
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT FROM event, log_head"
            " WHERE (event.xid, event.position) >"
            " (log_head.xid::text::xid8, log_head.position) LIMIT 100000) AS waiting"
        )
        return int(cursor.fetchone()[0])


def oldest_waiting_seconds() -> float:
    """How long the oldest event not sealed yet has been in the log; 0 where none waits."""
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT extract(epoch FROM clock_timestamp() - event.recorded_at) FROM event, log_head"
            " WHERE (event.xid, event.position) >"
            " (log_head.xid::text::xid8, log_head.position)"
            " ORDER BY event.xid, event.position LIMIT 1"
        )
        row = cursor.fetchone()
    return max(float(row[0]), 0.0) if row else 0.0


def leaves_of(id: UUID, *, size: int) -> list[Leaf]:
    """Where events called ``id`` stand in the tree of ``size``; more than one if it was reused."""
    with connection.cursor() as cursor:
        cursor.execute(_LEAVES, [id, size])
        return [
            Leaf(index=index, id=id_, occurred_at=at, cursor=Cursor(xid, position))
            for index, id_, at, xid, position in cursor.fetchall()
        ]


def inclusion(leaf: Leaf, *, size: int) -> Inclusion:
    """The proof of ``leaf`` in the tree of ``size``; expects leaf.index < size <= sealed size."""
    here = (leaf.index, leaf.index + 1)
    found = tiles.hashes_of([here, *tree.inclusion_ranges(leaf.index, size)], fetch)
    return Inclusion(leaf=leaf, leaf_hash=found[0], size=size, path=tuple(found[1:]))


def consistency(*, old: int, new: int) -> tuple[bytes, ...]:
    """The path that proves that the tree of ``new`` extends that of ``old``.

    Raises ``SizeOutOfRange`` unless 0 <= old <= new <= sealed size.
    """
    sealed = latest().size
    if not 0 <= old <= new <= sealed:
        raise SizeOutOfRange(f"Sizes go from 0 to {sealed}, the earlier one first.")
    return tuple(tiles.hashes_of(tree.consistency_ranges(old, new), fetch))


def root_at(size: int) -> bytes:
    """The root the tree had at ``size`` leaves; expects 0 <= size <= sealed size."""
    return tiles.root_of(size, fetch)


def fetch(places: frozenset[Place]) -> Mapping[Place, bytes]:
    """Tiles by place, the growing ones from the head: two statements."""
    active_tenant()
    wanted = sorted(places)
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, edges FROM log_head")
        found = _edges(*cursor.fetchone())
        levels, indexes = [level for level, _ in wanted], [index for _, index in wanted]
        cursor.execute(_TILES, [levels, indexes])
        found.update({(level, index): bytes(hashes) for level, index, hashes in cursor.fetchall()})
    return found


def _edges(size: int, levels: Sequence[bytes]) -> dict[Place, bytes]:
    return {
        (level, (size >> (HEIGHT * level)) // WIDTH): bytes(hashes)
        for level, hashes in enumerate(levels)
    }


def _checkpoints(where: str, values: Sequence[int]) -> list[SealedCheckpoint]:
    active_tenant()
    with connection.cursor() as cursor:
        cursor.execute(f"{_CHECKPOINT} {where}", values)
        return [
            SealedCheckpoint(
                size=size,
                root=bytes(root),
                cursor=Cursor(xid, position),
                key_version=version,
                sealed_at=sealed_at,
                note=note,
            )
            for size, root, xid, position, version, sealed_at, note in cursor.fetchall()
        ]
