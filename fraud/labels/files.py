"""Labels from a file (CSV, NDJSON, Parquet): one row an event."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from fraud.contracts import EventFraud
from fraud.labels.commands import Word, say
from ingest.imports import formats
from kernel import ids
from kernel.errors import InvalidInput

PART = 2_000
_TRUE = frozenset({"1", "1.0", "true", "yes", "fraud"})
_FALSE = frozenset({"0", "0.0", "false", "no", "honest"})


class InvalidLabel(InvalidInput):
    """A row that says no event, or nothing of it."""

    code = "invalid_label"
    title = "The label can't be read"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """How many labels were kept, were known before, and the first of those refused, in words."""

    kept: int
    repeated: int
    refused: int
    why: tuple[str, ...]


def say_all(path: Path, *, now: datetime, told: Callable[[int], None] = lambda _: None) -> Taken:
    """Say every label of a file, in parts; the file again adds nothing.

    Rows refused do not stop the others. ``told`` hears how many rows are done.
    """
    rows, done, kept, repeated = formats.rows(path, None), 0, 0, 0
    refused: list[tuple[int, str]] = []
    actor = f"file {formats.digest(path)[:12]}"
    for part in _parts(rows):
        words, places = [], []
        for number, row in enumerate(part, start=done + 1):
            try:
                words.append(word(row))
                places.append(number)
            except InvalidLabel as error:
                refused.append((number, error.detail))
        said = say(words, actor=actor, now=now, counting=False)
        refused += [(places[each.index], each.detail) for each in said.refused]
        kept, repeated, done = kept + said.kept, repeated + said.repeated, done + len(part)
        told(done)
    why = tuple(f"Row {number}: {detail}" for number, detail in sorted(refused)[:5])
    return Taken(kept=kept, repeated=repeated, refused=len(refused), why=why)


def word(row: Mapping[str, Any]) -> Word:
    """The label of a row: ``event`` and ``fraud``; ``kind``, ``note`` and ``at`` where given.

    ``event`` is the id it was sent with. Raises ``InvalidLabel``.
    """
    name, said = _text(row, "event"), _text(row, "fraud").lower()
    if not name:
        raise InvalidLabel("A label needs the id of its event in a column 'event'.")
    if said not in _TRUE | _FALSE:
        raise InvalidLabel(f"'fraud' is 1 or 0, not {said[:40]!r}.")
    kind, at = _text(row, "kind"), _text(row, "at")
    try:
        return Word(
            event=ids.event_id(name), fraud=said in _TRUE, kind=EventFraud(kind) if kind else None,
            note=_text(row, "note")[:500], at=_moment(at) if at else None,
        )  # fmt: skip
    except ValueError as error:
        raise InvalidLabel(str(error)) from None


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _parts(rows: Iterator[Mapping[str, Any]]) -> Iterator[list[Mapping[str, Any]]]:
    while part := list(islice(rows, PART)):
        yield part
