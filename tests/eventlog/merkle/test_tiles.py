"""Tiles: however the leaves arrive, the same tree; every proof from tiles and edges alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventlog.merkle import tiles, tree
from eventlog.merkle.tiles import EMPTY, WIDTH, MissingHashes
from tests.eventlog.merkle.reference import leaves, root

MANY = leaves(70_000)


def grown(size, step=9_000):
    edges, kept = EMPTY, {}
    for start in range(0, size, step):
        edges, full = tiles.grow(edges, MANY[start : min(start + step, size)])
        kept.update({(tile.level, tile.index): tile.hashes for tile in full})
    for level, hashes in enumerate(edges.levels):
        kept[level, (edges.size >> (8 * level)) // WIDTH] = hashes
    return edges, lambda places: {place: kept[place] for place in places if place in kept}


@pytest.fixture(scope="module")
def big():
    return grown(70_000)


@pytest.mark.parametrize("size", [1, 2, 255, 256, 257, 511, 512, 65_535, 65_536, 65_537, 70_000])
def test_it_has_the_reference_root_at_every_kind_of_size(size, big):
    expected = root(MANY[:size])
    assert grown(size)[0].root == expected
    assert tiles.root_of(size, big[1]) == expected


@settings(max_examples=30)
@given(steps=st.lists(st.integers(0, 600), min_size=1, max_size=8))
def test_it_does_not_matter_in_which_batches_leaves_come(steps):
    edges, full, at = EMPTY, [], 0
    for step in steps:
        edges, more = tiles.grow(edges, MANY[at : at + step])
        full, at = full + more, at + step
    whole, at_once = tiles.grow(EMPTY, MANY[:at])
    key = lambda tile: (tile.level, tile.index)  # noqa: E731  # shorter than a function
    assert edges == whole
    assert sorted(full, key=key) == sorted(at_once, key=key)


@settings(max_examples=60)
@given(size=st.integers(1, 70_000), data=st.data())
def test_every_proof_comes_from_few_tiles(big, size, data):
    _, fetch = big
    read = []

    def counted(places):
        read.append(len(places))
        return fetch(places)

    index = data.draw(st.integers(0, size - 1))
    path = tiles.hashes_of(tree.inclusion_ranges(index, size), counted)
    assert tree.root_from_path(
        leaf=MANY[index], index=index, size=size, path=path
    ) == tiles.root_of(size, fetch)
    old = data.draw(st.integers(1, size))
    path = tiles.hashes_of(tree.consistency_ranges(old, size), counted)
    assert tree.extends(
        old=old,
        old_root=tiles.root_of(old, fetch),
        new=size,
        new_root=tiles.root_of(size, fetch),
        path=path,
    )
    assert max(read) <= 2 * 3 + 1  # three levels hold 70,000 leaves


def test_it_says_which_tile_is_missing(big):
    def holed(places):
        return {place: h for place, h in big[1](places).items() if place != (0, 3)}

    with pytest.raises(MissingHashes, match="tile 0/3"):
        tiles.hashes_of([(3 * WIDTH, 3 * WIDTH + 1)], holed)


def test_it_says_which_tile_is_too_short(big):
    with pytest.raises(MissingHashes):
        tiles.root_of(70_001, big[1])
