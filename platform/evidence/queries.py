"""Reads of evidence: one event's proof, the events of a selection."""

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
from evidence.contracts import NotSealedYet, Selection
from kernel.errors import NotFound

PAGE = 2_000


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
    """The selection's events up to ``upto`` in log order, page by page."""
    after = Cursor(0, 0)
    where, values = _where(selection, upto)
    order = (
        f"{where} AND (xid, position) > (%s::text::xid8, %s)"
        " ORDER BY event.xid, event.position LIMIT %s"
    )
    while page := rows.events(order, [*values, str(after.xid), after.position, PAGE]):
        yield page
        after = Cursor(page[-1].xid, page[-1].position)


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
    return f"WHERE {' AND '.join(conditions)}", values


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
