"""Verify a log: recompute every leaf, the tree above them, and every signed checkpoint.

Page by page, so that it can show its progress, be stopped, and go on: ``begin``, then ``step``
until the state is done, then ``finish``. The tree is grown anew from the tiles' leaf hashes; events
are compared with those, and the grown tree with what was signed. So a change of the events alone
names the event, and a change of events and tiles together the first signature it breaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import connection

from eventlog.contracts import START, Cursor
from eventlog.merkle import tiles
from eventlog.merkle.tiles import EMPTY, HEIGHT, WIDTH, Edges
from eventlog.seal import damage, expiry, page, queries, rows, statements
from eventlog.seal.damage import Damage, Kind
from eventlog.seal.statements import Remembered

PAGE = 16 * WIDTH
MOST_DAMAGES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """How far a verification is; whole and immutable, so that it can be kept and taken up again.

    ``good`` is the largest signed size whose root held, ``broken`` the first whose root did not;
    ``suspects`` are leaf ranges below hashes of upper tiles that are not what the leaves give.
    ``expired`` are leaves whose events went by policy.
    """

    size: int
    next: int = 0
    after: Cursor = START
    edges: Edges = EMPTY
    damages: tuple[Damage, ...] = ()
    suspects: tuple[tuple[int, int], ...] = ()
    good: int = 0
    broken: int | None = None
    checkpoints: int = 0
    last_key: int = 0
    expired: int = 0

    @property
    def done(self) -> bool:
        """Whether every sealed leaf has been looked at (or there is no use in going on)."""
        return self.next >= self.size or len(self.damages) >= MOST_DAMAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What a verification found; ``damages`` in the log's order, none when the log is whole."""

    size: int
    verified: int
    checkpoints: int
    unsealed: int
    damages: tuple[Damage, ...]
    newest: str | None
    expired: int = 0

    @property
    def whole(self) -> bool:
        """Whether nothing is wrong."""
        return not self.damages


def begin() -> State:
    """The start of a verification of the active tenant's log as it is sealed now."""
    return State(size=max(_head()[0], statements.largest_size()))


def step(state: State, *, now: datetime, remembered: Remembered | None = None) -> State:
    """Look at the next page of leaves."""
    end = min(state.next + PAGE, state.size)
    seen = page.read(
        state.next, end, after=state.after, edges=state.edges,
        expired_before=expiry.known().before,
    )  # fmt: skip
    signed = statements.between(state.next, end, last_key=state.last_key, now=now)
    grown = _grow(state, seen.hashes, end, [*signed.roots, *_promised(remembered)])
    return replace(
        grown,
        next=end,
        after=seen.last,
        damages=(*state.damages, *seen.damages, *signed.damages),
        checkpoints=state.checkpoints + len(signed.roots),
        last_key=signed.last_key,
        expired=state.expired + seen.expired,
    )


def finish(state: State, *, now: datetime, remembered: Remembered | None = None) -> Report:
    """What was found, the log's end and its keys looked at as well."""
    size, cursor, edges = _head()
    unsealed, loose = _unsealed(cursor)
    gone = expiry.known()
    found = [*state.damages, *statements.keys(now=now), *loose, *gone.damages]
    if state.next >= state.size:
        found += expiry.compared(gone, state.expired)
        found += _end(state, size, edges, remembered)
    found += _tree(state, found)
    newest = queries.history(limit=1)
    return Report(
        size=state.size,
        verified=min(state.next, state.size),
        checkpoints=state.checkpoints,
        unsealed=unsealed,
        damages=tuple(damage.in_order(damage.tails(found, size=state.size))),
        newest=newest[0].note if newest else None,
        expired=state.expired,
    )


def _promised(remembered: Remembered | None) -> list[tuple[int, bytes]]:
    return [(remembered.size, remembered.root)] if remembered else []


def _grow(
    state: State, hashes: Sequence[bytes], end: int, roots: Sequence[tuple[int, bytes]]
) -> State:
    """The tree with the page's leaves, compared with upper tiles and with what was signed."""
    edges, good, broken = state.edges, state.good, state.broken
    suspects = list(state.suspects)
    due = sorted(each for each in roots if state.next < each[0] <= end)
    for size, root in [*due, (end, None)]:
        edges, full = tiles.grow(edges, hashes[edges.size - state.next : size - state.next])
        suspects += _suspects([tile for tile in full if tile.level])
        if root is None:
            continue
        if edges.root == root:
            good = max(good, size)
        else:
            broken = min(broken or size, size)
    return replace(state, edges=edges, good=good, broken=broken, suspects=tuple(suspects))


def _suspects(upper: Sequence[tiles.Tile]) -> list[tuple[int, int]]:
    stored = queries.fetch(frozenset((tile.level, tile.index) for tile in upper)) if upper else {}
    return [
        each
        for tile in upper
        for each in _differing(
            tile.level, tile.index, tile.hashes, stored.get((tile.level, tile.index), b"")
        )
    ]


def _differing(level: int, index: int, grown: bytes, stored: bytes) -> list[tuple[int, int]]:
    """The leaf range below the first hash of a tile that is not what grew."""
    if grown == stored:
        return []
    ours, theirs = tiles.split_hashes(grown), tiles.split_hashes(stored)
    theirs += [b""] * (len(ours) - len(theirs))
    at = next((at for at, one in enumerate(ours) if one != theirs[at]), len(ours) - 1)
    width = 1 << (HEIGHT * level)
    start = (index * WIDTH + at) * width
    return [(start, start + width)]


def _end(
    state: State, head: int, edges: Sequence[bytes], remembered: Remembered | None
) -> list[Damage]:
    """The right end: the head, the newest checkpoint, and a checkpoint remembered elsewhere."""
    found = []
    signed = statements.largest_size()
    if head != signed or tuple(edges) != state.edges.levels:
        text = f"The head of the tree is not where the newest checkpoint ({signed} leaves) says."
        if head == signed:
            text = "The growing tiles in the head are not what grows from the leaves."
        found.append(Damage(kind=Kind.TREE_DAMAGED, leaf=min(head, signed), event=None, what=text))
    if remembered and remembered.size > state.size:
        text = (
            f"A checkpoint of {remembered.size} leaves was signed on {remembered.sealed};"
            f" of them {remembered.size - state.size} at the end are gone."
        )
        found.append(
            Damage(kind=Kind.TAIL_DELETED, leaf=state.size, event=remembered.missing, what=text)
        )
    return found


def _tree(state: State, known: Sequence[Damage]) -> list[Damage]:
    """What the grown tree says beyond the events: history rewritten, or upper tiles damaged."""
    start, end = min(state.suspects, default=(state.good, state.broken or 0))
    if state.broken is None:
        return [_upper(*each) for each in state.suspects[:1]]
    start, end = max(start, state.good), min(end, state.broken)
    if start >= end:
        start, end = state.good, state.broken
    if any(each.leaf is not None and each.leaf < end for each in known):
        return []  # the event itself was named already
    ids = rows.places(start, start + 1)
    text = (
        f"Leaves {start} to {end - 1} are not those that were signed in the checkpoint of"
        f" {state.broken} leaves: events and their hashes were replaced together."
    )
    return [
        Damage(
            kind=Kind.REWRITTEN,
            leaf=start,
            event=ids[0].id if ids else None,
            what=text,
            until=end,
        )
    ]


def _upper(start: int, end: int) -> Damage:
    text = f"An upper hash of the tree, over leaves {start} to {end - 1}, was changed."
    return Damage(kind=Kind.TREE_DAMAGED, leaf=start, event=None, what=text, until=end)


def _unsealed(after: Cursor) -> tuple[int, list[Damage]]:
    """How many events wait to be sealed, and those of them that are not what was appended."""
    count = 0
    found: list[Damage] = []
    for event in rows.unsealed(after=after, limit=PAGE):
        count += 1
        now = event.found
        if now.computed != now.stored and len(found) < MOST_DAMAGES:
            text = "The event was changed before it was sealed."
            found.append(Damage(kind=Kind.CHANGED, leaf=None, event=event.id, what=text))
    return count, found


def _head() -> tuple[int, Cursor, tuple[bytes, ...]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT size, xid, position, edges FROM log_head")
        size, xid, position, edges = cursor.fetchone()
    return size, Cursor(xid, position), tuple(bytes(each) for each in edges)
