"""Reads of evidence: one event's proof, the events of a selection."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from eventlog.contracts import Cursor
from eventlog.seal import queries as sealed
from eventlog.seal import rows
from eventlog.seal.queries import Inclusion, SealedCheckpoint
from eventlog.seal.rows import Event
from evidence.contracts import NotSealedYet, Selection, Sort, TooManySelected
from kernel.errors import NotFound

PAGE = 2_000
MOST_SORTED = 2_000_000
"""Events of a selection of several sorts: their places are held in memory, 16 bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """An event's canonical line, its proof, and the checkpoint it is proved against."""

    line: str
    inclusion: Inclusion
    checkpoint: SealedCheckpoint


def proof(id: UUID, *, size: int | None = None) -> Proof:
    """The newest event called ``id``, proved in the checkpoint of ``size`` (the newest one).

    Raises ``NotFound``, ``NotSealedYet`` and ``NoCheckpoint``.
    """
    checkpoint = sealed.latest() if size is None else _at(size)
    leaves = sealed.leaves_of(id, size=checkpoint.size)
    if not leaves:
        if _waits(id):
            raise NotSealedYet("This event is not covered by that checkpoint yet; ask again soon.")
        raise NotFound("There is no event with this id.")
    (place,) = rows.places(leaves[-1].index, leaves[-1].index + 1)
    event = rows.event_of(place)
    return Proof(
        line=event.line.decode() if event else "",
        inclusion=sealed.inclusion(leaves[-1], size=checkpoint.size),
        checkpoint=checkpoint,
    )


def count(selection: Selection, *, upto: Cursor) -> int:
    """How many sealed events a selection holds."""
    where, values = _where(selection, upto)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event " + where, values)  # noqa: S608  # our own text
        return int(cursor.fetchone()[0])


def selected(selection: Selection, *, upto: Cursor) -> Iterator[list[Event]]:
    """The selection's events up to ``upto`` in log order, page by page.

    Raises ``TooManySelected``.
    """
    if selection.sorts:
        yield from _sorted(selection, upto)
        return
    after = Cursor(0, 0)
    where, values = _where(selection, upto)
    order = (
        f"{where} AND (xid, position) > (%s::text::xid8, %s)"
        " ORDER BY event.xid, event.position LIMIT %s"
    )
    while page := rows.events(order, [*values, str(after.xid), after.position, PAGE]):
        yield page
        after = Cursor(page[-1].xid, page[-1].position)


def _sorted(selection: Selection, upto: Cursor) -> Iterator[list[Event]]:
    """Events of several sorts: found once by what they are, then read by where they stand.

    Asked page by page, the server would look through the log's times once for every page.
    """
    where, values = _where(selection, upto)
    statement = (
        f"SELECT xid::text::bigint, position FROM event {where}"  # noqa: S608  # our own text
        " ORDER BY event.xid, event.position LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*values, MOST_SORTED + 1])
        xids, positions = array("q"), array("q")
        while page := cursor.fetchmany(PAGE):
            xids.extend(row[0] for row in page)
            positions.extend(row[1] for row in page)
    if len(xids) > MOST_SORTED:
        raise TooManySelected(f"More than {MOST_SORTED:,} events: choose fewer days.")
    for start in range(0, len(xids), PAGE):
        places = (list(xids[start : start + PAGE]), list(positions[start : start + PAGE]))
        yield rows.events(_STANDING, [[str(each) for each in places[0]], places[1]])


_STANDING = (
    "JOIN unnest(%s::text[]::xid8[], %s::bigint[]) AS place (in_xid, at)"
    " ON event.xid = place.in_xid AND event.position = place.at"
    " ORDER BY event.xid, event.position"
)


def leaf_indexes(keys: Sequence[tuple[UUID, str]]) -> dict[tuple[UUID, str], int]:
    """The leaf of each event (id, canonical time of occurrence) of ``keys``."""
    return {
        (place.id, place.occurred_at): place.leaf_index
        for place in rows.places_of([each for each, _ in keys])
    }


def _where(selection: Selection, upto: Cursor) -> tuple[str, list[Any]]:
    conditions = ["(xid, position) <= (%s::text::xid8, %s)"]
    values: list[Any] = [str(upto.xid), upto.position]
    for condition, value in (
        ("occurred_at >= %s", selection.start),
        ("occurred_at < %s", selection.end),
        ("subject = %s", selection.subject),
        ("type = %s", selection.type),
        ("id = ANY(%s)", list(selection.ids)),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    if selection.sorts:
        each = [_of_sort(sort) for sort in selection.sorts]
        conditions.append(f"({' OR '.join(text for text, _ in each)})")
        values += [value for _, held in each for value in held]
    return f"WHERE {' AND '.join(conditions)}", values


def _of_sort(sort: Sort) -> tuple[str, list[Any]]:
    conditions, values = ["TRUE"], list[Any]()
    for condition, value in (
        ("occurred_at >= %s", sort.start),
        ("occurred_at < %s", sort.end),
        ("type = ANY(%s)", list(sort.types)),
        ("id = ANY(%s)", list(sort.ids)),
    ):
        if value:
            conditions.append(condition)
            values.append(value)
    for name, text in sort.having:
        conditions.append("payload->>%s = %s")
        values += [name, text]
    return f"({' AND '.join(conditions)})", values


def _at(size: int) -> SealedCheckpoint:
    found = sealed.at_size(size)
    if found is None:
        raise sealed.NoCheckpoint(f"No checkpoint was signed at {size} leaves.")
    return found


def _waits(id: UUID) -> bool:
    """Whether an event called ``id`` is among those not sealed yet."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT 1 FROM event, log_head WHERE event.id = %s AND (event.xid, event.position) >"
            " (log_head.xid::text::xid8, log_head.position) LIMIT 1",
            [id],
        )
        return cursor.fetchone() is not None
