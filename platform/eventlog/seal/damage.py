"""What verification compares and what it can find: pure functions of rows and hashes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from eventlog.contracts import Cursor


class Kind(StrEnum):
    """What was done to the log."""

    CHANGED = "changed"
    MISSING = "missing"
    EXTRA = "extra"
    REORDERED = "reordered"
    TAIL_DELETED = "tail deleted"
    REWRITTEN = "history rewritten"
    TREE_DAMAGED = "tree damaged"
    BAD_CHECKPOINT = "bad checkpoint"
    BAD_KEY = "bad key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Damage:
    """One finding. ``leaf`` is where in the log, ``event`` which one, as far as can be told.

    Where only a range of leaves can be told, ``until`` is the leaf behind it.
    """

    kind: Kind
    leaf: int | None
    event: UUID | None
    what: str
    until: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the tree says stands at leaf ``index``."""

    index: int
    id: UUID
    occurred_at: str
    cursor: Cursor
    hash: bytes

    @property
    def key(self) -> tuple[str, UUID]:
        """The event's primary key."""
        return self.occurred_at, self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An event as the table has it; ``computed`` is the leaf of its columns as they are now.

    ``computed`` is empty when the columns can't be written as a canonical line any more.
    """

    id: UUID
    occurred_at: str
    cursor: Cursor
    stored: bytes
    computed: bytes

    @property
    def key(self) -> tuple[str, UUID]:
        """The event's primary key."""
        return self.occurred_at, self.id


_CONTENT = "type, version, subject, recorded_at, source, payload or sealed"


def compare(expected: Expected, found: Found) -> Damage | None:
    """What is wrong with the event that stands where ``expected`` says, if anything."""
    if found.computed != expected.hash:
        if found.stored == found.computed:
            return _at(expected, Kind.CHANGED, "The event was changed and its leaf hash with it.")
        if found.stored == expected.hash:
            text = f"The event was changed: one of its columns {_CONTENT} is not what was sealed."
            return _at(expected, Kind.CHANGED, text)
        return _at(expected, Kind.CHANGED, "The event and its column leaf were changed.")
    if found.stored != expected.hash:
        return _at(expected, Kind.CHANGED, "The column leaf was changed.")
    if found.cursor.xid != expected.cursor.xid:
        return _at(expected, Kind.REORDERED, "The column xid was changed: it stands elsewhere.")
    if found.cursor != expected.cursor:
        return _at(
            expected, Kind.REORDERED, "The column position was changed: it stands elsewhere."
        )
    return None


def absent(expected: Expected, instead: Found | None) -> Damage:
    """Why no event has the key of ``expected``; ``instead`` stands at its place in the log."""
    if instead is None:
        return _at(expected, Kind.MISSING, "The event was deleted.")
    column = "id" if instead.occurred_at == expected.occurred_at else "occurred_at"
    if instead.occurred_at != expected.occurred_at and instead.id != expected.id:
        return _at(expected, Kind.CHANGED, "Another event was put in its place.")
    return _at(expected, Kind.CHANGED, f"The column {column} was changed.")


def unsealed_among(found: Found, after: int) -> Damage:
    """An event that was put among the sealed ones, behind leaf ``after``."""
    return Damage(
        kind=Kind.EXTRA,
        leaf=after,
        event=found.id,
        what="An event that was never sealed was put among the sealed ones.",
    )


def first(damages: Iterable[Damage]) -> Damage | None:
    """The damage nearest to the log's beginning; what has no place in it comes last."""
    return min(damages, key=_rank, default=None)


def in_order(damages: Iterable[Damage]) -> list[Damage]:
    """By their place in the log."""
    return sorted(damages, key=_rank)


def tails(damages: Sequence[Damage], *, size: int) -> list[Damage]:
    """Deletions that reach the end of the log become one finding: its tail is gone."""
    missing = {each.leaf for each in damages if each.kind is Kind.MISSING}
    start = size
    while start - 1 in missing:
        start -= 1
    if size - start == 0:
        return list(damages)
    kept = [each for each in damages if each.kind is not Kind.MISSING or (each.leaf or 0) <= start]
    return [_as_tail(each, size - start) if each.leaf == start and each.kind is Kind.MISSING
            else each for each in kept]  # fmt: skip


def _as_tail(damage: Damage, count: int) -> Damage:
    text = f"The newest {count} sealed events were deleted; this was the first of them."
    return Damage(kind=Kind.TAIL_DELETED, leaf=damage.leaf, event=damage.event, what=text)


def _at(expected: Expected, kind: Kind, what: str) -> Damage:
    return Damage(kind=kind, leaf=expected.index, event=expected.id, what=what)


def _rank(damage: Damage) -> tuple[int, int]:
    # Where both are seen at one place, the event's own damage says more than the tree's.
    certain = damage.kind not in (Kind.TREE_DAMAGED, Kind.REWRITTEN, Kind.EXTRA)
    return (damage.leaf if damage.leaf is not None else 1 << 62, 0 if certain else 1)
