"""Seal the log: append its leaves to the tree and sign a checkpoint, in one transaction.

A crash leaves the tree where it was. The head's row lock lets one sealer at a time; whoever finds
it taken leaves. A log that was never sealed is caught up from its beginning, chunk by chunk.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection, transaction
from psycopg import sql

from eventlog import canonical
from eventlog.contracts import Cursor
from eventlog.keys.wrap import DamagedSecret
from eventlog.merkle import notes, tiles
from eventlog.merkle.notes import Checkpoint
from eventlog.merkle.tiles import Edges, Tile
from eventlog.seal import signing
from eventlog.tenancy import active_tenant

CHUNK = 8_192

_LOCK = "SELECT size, xid, position, edges FROM log_head FOR UPDATE SKIP LOCKED"
_NEXT = """
SELECT xid::text::bigint, position, id, occurred_at, leaf FROM event
WHERE (xid, position) > (%s::text::xid8, %s) AND xid < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY event.xid, event.position LIMIT %s
"""
_MOVE = "UPDATE log_head SET size = %s, xid = %s, position = %s, edges = %s"
_TILE = "INSERT INTO log_tile (level, index, hashes) VALUES (%s, %s, %s)"
_PLACES = "COPY {}.log_leaf (leaf_index, id, occurred_at, xid, position) FROM STDIN (FORMAT BINARY)"
_PLACE_TYPES = ("int8", "uuid", "timestamptz", "int8", "int8")
_CHECKPOINT = """
INSERT INTO log_checkpoint (size, root, xid, position, key_version, sealed_at, note)
VALUES (%s, %s, %s, %s, %s, %s, %s)
"""
_SIGNED_BY_NEWEST = "SELECT max(key_version) FROM log_checkpoint"


class _Head(NamedTuple):
    """Where sealing stopped."""

    edges: Edges
    cursor: Cursor


class _Leaf(NamedTuple):
    """What sealing reads of an event."""

    xid: int
    position: int
    id: UUID
    occurred_at: datetime
    leaf: memoryview


def seal(*, now: datetime, limit: int = CHUNK) -> int:
    """Seal the next events of the active tenant's log, at most ``limit``; returns how many.

    0 when nothing waits below the horizon, or another process is sealing this log.
    """
    active_tenant()
    with transaction.atomic():
        head = _claim()
        if head is None:
            return 0
        leaves = _next(head.cursor, limit)
        if leaves:
            edges, full = tiles.grow(head.edges, [bytes(each.leaf) for each in leaves])
            end = Cursor(leaves[-1].xid, leaves[-1].position)
            _keep(head.edges.size, leaves, full)
            _sign(edges, end, now)
            _move(edges, end)
    return len(leaves)


def catch_up(*, now: datetime, limit: int = CHUNK) -> int:
    """Seal until nothing waits; each chunk commits on its own. Returns how many were sealed."""
    total = 0
    while sealed := seal(now=now, limit=limit):
        total += sealed
    return total


def _claim() -> _Head | None:
    with connection.cursor() as cursor:
        cursor.execute(_LOCK)
        row = cursor.fetchone()
    if row is None:
        return None
    size, xid, position, levels = row
    return _Head(Edges(size=size, levels=tuple(bytes(each) for each in levels)),
                 Cursor(xid, position))  # fmt: skip


def _next(after: Cursor, limit: int) -> list[_Leaf]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [str(after.xid), after.position, limit])
        return [_Leaf(*row) for row in cursor.fetchall()]


def _keep(first: int, leaves: Sequence[_Leaf], full: Sequence[Tile]) -> None:
    statement = sql.SQL(_PLACES).format(sql.Identifier(active_tenant()))
    with connection.connection.cursor() as cursor:
        if full:
            cursor.executemany(_TILE, [(tile.level, tile.index, tile.hashes) for tile in full])
        with cursor.copy(statement) as copy:
            copy.set_types(_PLACE_TYPES)
            for index, each in enumerate(leaves, start=first):
                copy.write_row((index, each.id, each.occurred_at, each.xid, each.position))


def _sign(edges: Edges, end: Cursor, now: datetime) -> None:
    known = signing.ensured(now=now)
    with connection.cursor() as cursor:
        cursor.execute(_SIGNED_BY_NEWEST)
        last = cursor.fetchone()[0]
        checkpoint = Checkpoint(
            origin=known[-1].verifier.name,
            size=edges.size,
            root=edges.root,
            sealed=canonical.timestamp(now),
        )
        # The first checkpoint of a new key carries the signature of the one before too.
        signing_keys = [key for key in known if key.version >= (last or known[-1].version)]
        note = notes.sign(checkpoint, by=[_private(key, now) for key in reversed(signing_keys)])
        cursor.execute(_CHECKPOINT, [edges.size, edges.root, *end, known[-1].version, now, note])


def _private(key: signing.SigningKey, now: datetime) -> bytes:
    secret = signing.private(key, now=now)
    if notes.public_of(secret) != key.verifier.public:
        raise DamagedSecret(f"The public half of log key {key.version} is not its own.")
    return secret


def _move(edges: Edges, end: Cursor) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [edges.size, *end, list(edges.levels)])
