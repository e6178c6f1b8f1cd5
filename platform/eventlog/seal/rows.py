"""What verification and export read: places, events as canonical lines, tiles."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from django.db import connection

from eventlog import canonical
from eventlog.contracts import Cursor
from eventlog.merkle.tiles import WIDTH, split_hashes
from eventlog.merkle.tree import HASH_BYTES
from eventlog.seal import queries
from eventlog.seal.damage import Found
from kernel.errors import DomainError

NO_MOMENT = "none"


def _texts(statement: str) -> str:
    """Moments as canonical text: one that Python can't hold must not stop a reader."""
    form = """to_char(\\1 AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')"""
    return re.sub(r"text_of\((\w+)\)", f"coalesce({form}, '{NO_MOMENT}')", statement)


_PLACES = _texts("""
SELECT leaf_index, id, text_of(occurred_at), xid, position FROM log_leaf
WHERE leaf_index >= %s AND leaf_index < %s ORDER BY leaf_index
""")
_PLACES_OF = _texts("""
SELECT leaf_index, id, text_of(occurred_at), xid, position FROM log_leaf WHERE id = ANY(%s)
""")
_PLACED = _texts("SELECT 1 FROM log_leaf WHERE id = %s AND text_of(occurred_at) = %s")
_EVENTS = _texts("""
SELECT xid::text::bigint, position, id, type, version, subject, text_of(occurred_at),
       text_of(recorded_at), source, payload::text, sealed, leaf
FROM event
""")
_BETWEEN = """
WHERE (xid, position) > (%s::text::xid8, %s) AND (xid, position) <= (%s::text::xid8, %s)
ORDER BY event.xid, event.position LIMIT %s
"""
_decode = msgspec.json.Decoder().decode


class Place(NamedTuple):
    """A row of the table of places; ``occurred_at`` is text in the canonical form."""

    leaf_index: int
    id: UUID
    occurred_at: str
    xid: int
    position: int

    @property
    def cursor(self) -> Cursor:
        """Where in the log."""
        return Cursor(self.xid, self.position)


class Event(NamedTuple):
    """An event with all its columns, times as canonical texts."""

    xid: int
    position: int
    id: UUID
    type: str
    version: int
    subject: str
    occurred_at: str
    recorded_at: str
    source: str
    payload: str
    sealed: memoryview | None
    leaf: memoryview

    @property
    def line(self) -> bytes:
        """The canonical line whose hash is the leaf; raises the errors of ``canonical.encode``."""
        return canonical.leaf_input(
            id=self.id,
            type=self.type,
            version=self.version,
            subject=self.subject,
            occurred_at=self.occurred_at,
            recorded_at=self.recorded_at,
            source=self.source,
            payload=canonical.encode(_decode(self.payload)),
            sealed=None if self.sealed is None else bytes(self.sealed),
        )

    @property
    def found(self) -> Found:
        """This event for comparison with its leaf."""
        try:
            computed = canonical.leaf_hash(self.line)
        except (DomainError, msgspec.MsgspecError, AttributeError, TypeError):
            computed = b""  # no canonical line: a payload that was never written by an append
        return Found(
            id=self.id,
            occurred_at=self.occurred_at,
            cursor=Cursor(self.xid, self.position),
            stored=bytes(self.leaf),
            computed=computed,
        )


def places(start: int, end: int) -> list[Place]:
    """The places of leaves start..end-1 that there are, in order."""
    return [Place(*row) for row in _fetched(_PLACES, [start, end])]


def places_of(ids: Sequence[UUID]) -> list[Place]:
    """The places of all events called by one of ``ids``."""
    return [Place(*row) for row in _fetched(_PLACES_OF, [list(ids)])]


def leaf_hashes(start: int, end: int) -> list[bytes]:
    """The tree's own leaf hashes start..end-1; an empty one where its tile lacks it.

    ``start`` is a multiple of the tile width.
    """
    indexes = range(start // WIDTH, (end - 1) // WIDTH + 1)
    tiles = queries.fetch(frozenset((0, index) for index in indexes))
    found: list[bytes] = []
    for index in indexes:
        count = min(WIDTH, end - index * WIDTH)
        hashes = split_hashes(tiles.get((0, index), b"")[: count * HASH_BYTES])
        found += hashes + [b""] * (count - len(hashes))
    return found


def events_between(after: Cursor, last: Cursor, *, limit: int) -> list[Event]:
    """Events behind ``after`` up to ``last`` in log order, at most ``limit``."""
    bounds = [str(max(after.xid, 0)), after.position, str(max(last.xid, 0)), last.position]
    return events(_BETWEEN, [*bounds, limit])


def event_of(place: Place) -> Event | None:
    """The event with the key of a place, wherever in the log it stands."""
    if place.occurred_at == NO_MOMENT:
        return None
    where = "WHERE occurred_at = %s::text::timestamptz AND id = %s"
    return next(iter(events(where, [place.occurred_at, place.id])), None)


def events_of(places: Sequence[Place]) -> list[Event]:
    """The events with the keys of places that have a moment, wherever in the log they stand."""
    if not places:
        return []
    wanted = (
        "JOIN unnest(%s::text[]::timestamptz[], %s::uuid[]) AS wanted (moment, called)"
        " ON event.occurred_at = wanted.moment AND event.id = wanted.called"
    )
    return events(wanted, [[each.occurred_at for each in places], [each.id for each in places]])


def event_at(cursor: Cursor) -> Event | None:
    """The event that stands at ``cursor``, whatever its key."""
    where = "WHERE xid = %s::text::xid8 AND position = %s LIMIT 1"
    return next(iter(events(where, [str(max(cursor.xid, 0)), cursor.position])), None)


def placed(id: UUID, occurred_at: str) -> bool:
    """Whether an event with this key has a place in the tree."""
    return bool(_fetched(_PLACED, [id, occurred_at]))


def unsealed(*, after: Cursor, limit: int) -> Iterator[Event]:
    """Events behind ``after`` in log order, page by page, the horizon included."""
    while page := events(
        "WHERE (xid, position) > (%s::text::xid8, %s) ORDER BY event.xid, event.position LIMIT %s",
        [str(after.xid), after.position, limit],
    ):
        yield from page
        after = Cursor(page[-1].xid, page[-1].position)


def events(where: str, values: Sequence[Any]) -> list[Event]:
    """Whole events by what follows FROM event in the statement."""
    return [Event(*row) for row in _fetched(_EVENTS + where, values)]


def _fetched(statement: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return list(cursor.fetchall())
