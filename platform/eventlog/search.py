"""Search the log: events of a type, about something, by somebody, of some days; the newest first.

The log is kept in its own order and by time. What is asked beyond that is looked for event by
event, for a few seconds at most: whoever asks too widely is told to name days.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import psycopg
from django.db import OperationalError, connection, transaction

from eventlog import read
from eventlog.acts import SOURCE
from eventlog.contracts import Cursor, StoredEvent
from kernel.errors import InvalidInput

SECONDS = 8


class SearchTooWide(InvalidInput):
    """Too much of the log would have to be looked through."""

    code = "search_too_wide"
    http_status = 422
    title = "This takes too long"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What is looked for; nothing means anything. Days are UTC, ``end`` the one behind the last.

    ``subjects``: one of these. ``having``: names and texts of the payload's own fields. ``actor``:
    a member's pseudonym, of what people did.
    """

    type: str = ""
    start: date | None = None
    end: date | None = None
    subjects: Sequence[str] | None = None
    having: tuple[tuple[str, str], ...] = ()
    actor: str = ""
    id: UUID | None = None


_SELECT = """
SELECT xid::text::bigint, position, id, type, version, subject, occurred_at, recorded_at, source,
       payload::text
FROM event WHERE
"""


def search(sought: Sought, *, before: Cursor | None = None, limit: int) -> list[StoredEvent]:
    """Events before the place ``before``, the newest first. Raises ``SearchTooWide``."""
    conditions, values = _where(sought, before)
    statement = (
        f"{_SELECT} {' AND '.join(conditions)}"
        " ORDER BY event.xid DESC, event.position DESC LIMIT %s"
    )
    if sought.id is not None:
        named = _named(sought.id)
        if named is not None:
            return [named] if before is None or named.cursor < before else []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = {int(SECONDS * 1_000)}")
            cursor.execute(statement, [*values, limit])
            return [StoredEvent(*row) for row in cursor.fetchall()]
    except OperationalError as error:
        if isinstance(error.__cause__, psycopg.errors.QueryCanceled):
            text = "Name the days, and fewer of them: that is quicker to look through."
            raise SearchTooWide(text) from None
        raise


def _named(id: UUID) -> StoredEvent | None:
    """A sealed event is found by its place; what is newer is looked for."""
    return read.named([id]).get(id)


def _where(sought: Sought, before: Cursor | None) -> tuple[list[str], list[Any]]:
    conditions, values = ["TRUE"], list[Any]()
    for condition, given in (
        ("(xid, position) < (%s::text::xid8, %s)", before and [str(before.xid), before.position]),
        ("type = %s", [sought.type] if sought.type else None),
        ("occurred_at >= %s", [sought.start] if sought.start else None),
        ("occurred_at < %s", [sought.end] if sought.end else None),
        ("subject = ANY(%s)", None if sought.subjects is None else [list(sought.subjects)]),
        ("id = %s", [sought.id] if sought.id else None),
        *(("payload->>%s = %s", [name, text]) for name, text in sought.having),
        (
            f"source = '{SOURCE}' AND payload->>'actor' = %s",
            [sought.actor] if sought.actor else None,
        ),
    ):
        if given:
            conditions.append(condition)
            values += given
    return conditions, values
