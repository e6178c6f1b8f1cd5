"""A cell packed is the cell, and its columns are those of single rows."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attribution.store import packed
from attribution.store.packed import PathSums
from attribution.store.stored_paths import Columns, digest, gather
from attribution.store.stored_paths import pack as path

COUNTS = st.integers(-(2**40), 2**40)
CELLS = st.dictionaries(
    st.lists(st.integers(1, 9), min_size=1, max_size=6).map(tuple),
    st.tuples(COUNTS, COUNTS, st.integers(-(2**120), 2**120), COUNTS),
    max_size=12,
).map(
    lambda cell: {
        digest(keys): PathSums(path(keys), journeys, value, squares, acquired)
        for keys, (journeys, value, squares, acquired) in cell.items()
    }
)


@given(CELLS)
def test_it_gives_back_what_it_was_given(cell):
    assert packed.unpack(packed.pack(cell)) == cell


@given(st.lists(CELLS, max_size=4))
def test_the_sum_of_cells_does_not_depend_on_their_order(cells):
    assert packed.merged(cells) == packed.merged(reversed(cells))


@given(CELLS)
def test_what_is_taken_away_is_gone(cell):
    minus = {
        key: PathSums(each.path, -each.journeys, -each.value, -each.squares, -each.acquired)
        for key, each in cell.items()
    }
    assert packed.merged([cell, minus]) == {}


@given(CELLS)
def test_its_columns_are_those_of_rows(cell):
    found = packed.sections(packed.pack(cell))
    columns = Columns(
        digests=bytes(found.digests),
        sizes=bytes(found.sizes),
        packed=bytes(found.packed),
        journeys=bytes(found.journeys),
        value=bytes(found.value),
        value_squares=packed.rounded(found.squares),
    )
    rows = sorted(cell.items())
    assert bytes(found.digests) == b"".join(key for key, _ in rows)
    squares = np.frombuffer(columns.value_squares, dtype=">f8")
    assert np.allclose(squares, [float(each.squares) for _, each in rows], rtol=1e-15, atol=0)
    stored = gather(columns)
    assert stored.conversions.sum() == sum(each.journeys for _, each in rows)
