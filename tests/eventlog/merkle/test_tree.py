"""Proofs by the letter of RFC 9162, against its vectors and an independent implementation."""

import pymerkle
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eventlog.merkle import tiles, tree
from tests.eventlog.merkle.reference import leaves, root

# The leaf inputs and roots that Certificate Transparency's own tests have used since 2012.
INPUTS = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657",
    "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)

SIZES = st.integers(1, 700)


def hashes_of(ranges, all_leaves):
    return [root(all_leaves[start:end]) for start, end in ranges]


@pytest.fixture(scope="module")
def many():
    return leaves(700)


@pytest.fixture(scope="module")
def theirs(many):
    made = pymerkle.InmemoryTree(algorithm="sha256")
    for number in range(len(many)):
        made.append_entry(number.to_bytes(8, "big"))
    return made


@pytest.mark.parametrize("size", range(1, 9))
def test_it_has_the_roots_of_certificate_transparency(size):
    from eventlog import canonical

    edges, _ = tiles.grow(tiles.EMPTY, [canonical.leaf_hash(raw) for raw in INPUTS[:size]])
    assert edges.root.hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing():
    assert tiles.EMPTY.root == tree.EMPTY_ROOT == root([])


@settings(max_examples=60)
@given(size=SIZES, data=st.data())
def test_an_inclusion_path_leads_to_the_root_and_is_the_one_others_make(many, theirs, size, data):
    index = data.draw(st.integers(0, size - 1))
    path = hashes_of(tree.inclusion_ranges(index, size), many[:size])
    assert tree.root_from_path(leaf=many[index], index=index, size=size, path=path) == root(
        many[:size]
    )
    other = theirs.prove_inclusion(index + 1, size)
    assert path == other.path[1:]
    pymerkle.verify_inclusion(many[index], root(many[:size]), other, index + 1, size)


@settings(max_examples=60)
@given(size=SIZES, data=st.data())
def test_no_other_leaf_place_or_length_passes_an_inclusion_check(many, size, data):
    index = data.draw(st.integers(0, size - 1))
    path = hashes_of(tree.inclusion_ranges(index, size), many[:size])
    wrong = data.draw(st.integers(0, size - 1).filter(lambda place: place != index) | st.none())
    expected = root(many[:size])
    found = [
        tree.root_from_path(leaf=many[-1], index=index, size=size, path=path),
        tree.root_from_path(leaf=many[index], index=index, size=size, path=[*path, many[0]]),
        tree.root_from_path(leaf=many[index], index=size, size=size, path=path),
    ]
    if wrong is not None:
        found.append(tree.root_from_path(leaf=many[index], index=wrong, size=size, path=path))
        found.append(tree.root_from_path(leaf=many[index], index=index, size=size, path=path[1:]))
    assert size == 700 or expected not in found


@settings(max_examples=80)
@given(sizes=st.tuples(SIZES, SIZES))
def test_a_consistency_path_holds_where_others_prove_the_same(many, theirs, sizes):
    old, new = sorted(sizes)
    path = hashes_of(tree.consistency_ranges(old, new), many[:new])
    before, after = root(many[:old]), root(many[:new])
    assert tree.extends(old=old, old_root=before, new=new, new_root=after, path=path)
    # Their path is cut differently where the old tree is a whole subtree; it says the same.
    pymerkle.verify_consistency(before, after, theirs.prove_consistency(old, new), old, new)


@settings(max_examples=60)
@given(new=st.integers(2, 700), data=st.data())
def test_a_rewritten_history_passes_no_consistency_check(many, new, data):
    old = data.draw(st.integers(1, new - 1))
    place = data.draw(st.integers(0, old - 1))
    forged = [*many[:place], b"f" * 32, *many[place + 1 : new]]
    path = hashes_of(tree.consistency_ranges(old, new), forged)
    assert not tree.extends(
        old=old, old_root=root(many[:old]), new=new, new_root=root(forged), path=path
    )


def test_consistency_knows_the_trivial_cases(many):
    one, two = root(many[:1]), root(many[:2])
    assert tree.extends(old=0, old_root=tree.EMPTY_ROOT, new=2, new_root=two, path=[])
    assert not tree.extends(old=0, old_root=one, new=2, new_root=two, path=[])
    assert tree.extends(old=2, old_root=two, new=2, new_root=two, path=[])
    assert not tree.extends(old=2, old_root=two, new=2, new_root=two, path=[one])
    assert not tree.extends(old=2, old_root=two, new=1, new_root=one, path=[])
    assert not tree.extends(old=3, old_root=two, new=4, new_root=one, path=[])
