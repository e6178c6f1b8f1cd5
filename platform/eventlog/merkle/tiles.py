"""Tiles: the hashes of every eighth level in rows of 256 (C2SP tlog-tiles, tile height 8).

A full tile never changes, and its root is one hash of the tile above it. What is not full yet is
the *edge*: one growing tile per level. A proof needs the hash of a few subtrees; each lies in one
tile or is the fold of a few that do, so it reads a number of tiles that grows with the tree's
height.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventlog.merkle.tree import HASH_BYTES, Range, fold, full_ranges, full_root

HEIGHT = 8
WIDTH = 1 << HEIGHT

Place = tuple[int, int]
"""A tile's level and its index within the level."""

Fetch = Callable[[frozenset[Place]], Mapping[Place, bytes]]
"""Gives tiles by place: their hashes one after the other, as many as there are."""


class MissingHashes(Exception):
    """A tile that must be there is not, or has fewer hashes than it must."""

    def __init__(self, place: Place) -> None:
        super().__init__(f"tile {place[0]}/{place[1]} is not whole")
        self.place = place


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A full tile: 256 hashes of 32 bytes, one after the other."""

    level: int
    index: int
    hashes: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """The right end of a tree of ``size`` leaves: per level the hashes of its growing tile."""

    size: int
    levels: tuple[bytes, ...]

    @property
    def root(self) -> bytes:
        """The tree's root, 32 bytes."""
        found: list[bytes] = []
        for hashes in reversed(self.levels):
            # A level's hashes cover what is left of the ones below it, so they come first.
            found += [
                full_root(_cut(hashes, start, end))
                for start, end in full_ranges(0, len(hashes) // HASH_BYTES)
            ]
        return fold(found)


EMPTY = Edges(size=0, levels=())


def grow(edges: Edges, leaves: Sequence[bytes]) -> tuple[Edges, list[Tile]]:
    """The tree with ``leaves`` appended: its new edges, and the tiles that became full."""
    levels, full = list(edges.levels), []
    coming, level = b"".join(leaves), 0
    begun = edges.size  # how many hashes this level had
    while coming or level < len(levels):
        if level == len(levels):
            levels.append(b"")
        held = levels[level] + coming
        whole = len(held) // (HASH_BYTES * WIDTH)
        first = begun // WIDTH
        parents = []
        for number in range(whole):
            hashes = _cut_bytes(held, number * WIDTH, (number + 1) * WIDTH)
            full.append(Tile(level=level, index=first + number, hashes=hashes))
            parents.append(full_root(split_hashes(hashes)))
        levels[level] = held[whole * WIDTH * HASH_BYTES :]
        coming, level, begun = b"".join(parents), level + 1, first
    return Edges(size=edges.size + len(leaves), levels=tuple(levels)), full


def split_hashes(hashes: bytes) -> list[bytes]:
    """A tile's hashes one by one."""
    return [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]


def hashes_of(ranges: Iterable[Range], fetch: Fetch) -> list[bytes]:
    """The hash of each range's subtree, from tiles fetched all at once.

    Raises ``MissingHashes`` when a tile lacks what the tree's size says it has.
    """
    parts = [[_located(*each) for each in full_ranges(*whole)] for whole in ranges]
    tiles = fetch(frozenset(place for whole in parts for place, _, _ in whole))
    return [fold([_subtree(tiles, *part) for part in whole]) for whole in parts]


def root_of(size: int, fetch: Fetch) -> bytes:
    """The root of the tree as it was at ``size`` leaves."""
    return hashes_of([(0, size)], fetch)[0]


def _located(start: int, end: int) -> tuple[Place, int, int]:
    """The tile that holds a complete subtree, and which of its hashes the subtree is over."""
    height = (end - start).bit_length() - 1
    level = height // HEIGHT
    first, count = start >> (level * HEIGHT), 1 << (height % HEIGHT)
    return (level, first // WIDTH), first % WIDTH, count


def _subtree(tiles: Mapping[Place, bytes], place: Place, first: int, count: int) -> bytes:
    hashes = tiles.get(place, b"")
    if len(hashes) < (first + count) * HASH_BYTES:
        raise MissingHashes(place)
    return full_root(_cut(hashes, first, first + count))


def _cut(hashes: bytes, start: int, end: int) -> list[bytes]:
    return split_hashes(_cut_bytes(hashes, start, end))


def _cut_bytes(hashes: bytes, start: int, end: int) -> bytes:
    return hashes[start * HASH_BYTES : end * HASH_BYTES]
