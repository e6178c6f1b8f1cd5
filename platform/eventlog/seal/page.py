"""One page of a verification: the leaves start..end-1, their places, events and tiles compared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from eventlog.contracts import Cursor
from eventlog.merkle import tiles
from eventlog.merkle.tiles import WIDTH, Edges
from eventlog.merkle.tree import HASH_BYTES, full_root
from eventlog.seal import damage, queries, rows
from eventlog.seal.damage import Damage, Expected, Found, Kind
from eventlog.seal.rows import NO_MOMENT, Place

Key = tuple[str, UUID]
_NOTHING = bytes(HASH_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What a page showed: the leaf hashes to grow the tree from, and what is wrong."""

    hashes: tuple[bytes, ...]
    damages: tuple[Damage, ...]
    last: Cursor
    expired: int = 0


def read(start: int, end: int, *, after: Cursor, edges: Edges, expired_before: str = "") -> Page:
    """Compare leaves start..end-1; ``after`` is where the page before ended, ``edges`` its tree.

    A leaf older than ``expired_before`` (canonical text) may lack its event: these are counted.
    """
    places = {each.leaf_index: each for each in rows.places(start, end)}
    hashes = rows.leaf_hashes(start, end)
    found = _events(list(places.values()), after)
    matched = _matched(places, found, expired_before)
    told, expired = [], 0
    for index in range(start, end):
        place, event = places.get(index), matched.get(index)
        if event is None and hashes[index - start] and _old(place, expired_before):
            expired += 1
            continue
        wrong = _judge(index, place, event, hashes[index - start], found)
        told += [wrong] if wrong else []
    told += _extras(places, found, matched)
    whole, told = _blame(start, hashes, matched, told, edges)
    last = max((each.cursor for each in places.values()), default=after)
    return Page(hashes=whole, damages=tuple(told), last=last, expired=expired)


def _old(place: Place | None, before: str) -> bool:
    return place is not None and place.occurred_at != NO_MOMENT and place.occurred_at < before


def _events(places: Sequence[Place], after: Cursor) -> dict[Key, Found]:
    if not places:
        return {}
    first, last = places[0].cursor, max(each.cursor for each in places)
    before = min(after, Cursor(first.xid, first.position - 1))
    events = rows.events_between(before, last, limit=2 * len(places) + WIDTH)
    return {each.key: each for each in (event.found for event in events)}


def _matched(
    places: Mapping[int, Place], found: Mapping[Key, Found], expired_before: str
) -> dict[int, Found]:
    """The event of each place, looked for elsewhere in the log where it is not in the window."""
    matched = {}
    # Whole pages may have expired: those are looked for together.
    old = [
        each
        for each in places.values()
        if _old(each, expired_before) and (each.occurred_at, each.id) not in found
    ]
    moved = {each.key: each for each in (event.found for event in rows.events_of(old))}
    for index, place in places.items():
        event = found.get((place.occurred_at, place.id))
        if event is None and _old(place, expired_before):
            event = moved.get((place.occurred_at, place.id))
        elif event is None:
            elsewhere = rows.event_of(place)
            event = elsewhere.found if elsewhere else None
        if event is not None:
            matched[index] = event
    return matched


def _judge(
    index: int,
    place: Place | None,
    event: Found | None,
    leaf: bytes,
    found: Mapping[Key, Found],
) -> Damage | None:
    if place is None:
        same = next((each for each in found.values() if each.stored == leaf), None)
        text = f"The tree's record of which event stands at leaf {index} is gone."
        return _tree(index, same.id if same else None, text)
    if not leaf:
        return _tree(index, place.id, "The tree's hash of this event is gone.")
    expected = Expected(
        index=index, id=place.id, occurred_at=place.occurred_at, cursor=place.cursor, hash=leaf
    )
    if event is not None:
        return damage.compare(expected, event)
    at = rows.event_at(place.cursor)
    instead = at.found if at and not rows.placed(at.id, at.occurred_at) else None
    if instead is not None and instead.stored == leaf == instead.computed:
        return _tree(index, instead.id, "The tree's record of this event's key was changed.")
    return damage.absent(expected, instead)


def _extras(
    places: Mapping[int, Place], found: Mapping[Key, Found], matched: Mapping[int, Found]
) -> list[Damage]:
    known = {(each.occurred_at, each.id) for each in places.values()}
    # What stands where a place's own event is gone was told there already.
    told_there = {each.cursor for index, each in places.items() if index not in matched}
    told = []
    for key, event in found.items():
        if key in known or event.cursor in told_there or rows.placed(event.id, event.occurred_at):
            continue
        before = [index for index, each in places.items() if each.cursor <= event.cursor]
        told.append(damage.unsealed_among(event, max(before, default=min(places))))
    return told


def _blame(
    start: int,
    hashes: Sequence[bytes],
    matched: Mapping[int, Found],
    told: list[Damage],
    edges: Edges,
) -> tuple[tuple[bytes, ...], list[Damage]]:
    """Where events and a tile differ, ask the tile above (or the signed root) which is right.

    Gives the hashes to grow from: a tile's own, or its events' where those are what was signed.
    """
    kept, growing = list(hashes), edges
    for at in range(0, len(hashes), WIDTH):
        leaves = range(start + at, start + min(at + WIDTH, len(hashes)))
        computed = [matched[index].computed if index in matched else b"" for index in leaves]
        tile = hashes[at : at + WIDTH]
        differs = tuple(computed) != tuple(tile)
        if differs and all(computed) and _right(leaves.start, computed, growing):
            kept[at : at + WIDTH] = computed
            told = [_innocent(each) if each.leaf in leaves else each for each in told]
        solid = [each or _NOTHING for each in kept[at : at + WIDTH]]
        kept[at : at + WIDTH] = solid
        growing, _ = tiles.grow(growing, solid)
    return tuple(kept), told


def _right(start: int, computed: Sequence[bytes], edges: Edges) -> bool:
    """Whether the leaves recomputed from events are the ones the tree above was built from."""
    if len(computed) == WIDTH:
        index = start // WIDTH
        above = queries.fetch(frozenset({(1, index // WIDTH)})).get((1, index // WIDTH), b"")
        at = (index % WIDTH) * HASH_BYTES
        return above[at : at + HASH_BYTES] == full_root(computed)
    grown, _ = tiles.grow(edges, computed)
    signed = queries.at_size(grown.size)
    return signed is not None and signed.root == grown.root


def _innocent(told: Damage) -> Damage:
    if told.kind is not Kind.CHANGED:
        return told
    return _tree(told.leaf, told.event, "The tree's hash of this event was changed; the event is"
                 " what was sealed.")  # fmt: skip


def _tree(leaf: int | None, event: UUID | None, what: str) -> Damage:
    return Damage(kind=Kind.TREE_DAMAGED, leaf=leaf, event=event, what=what)
