"""Names: one of the four where it fits, a description where none does, no name twice."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from attribution.behaviour.features import names
from attribution.profiles.naming import TELLS, named, unusual

COLUMNS = names()


def centre(**deviations):
    found = np.zeros(len(COLUMNS))
    for name, deviation in deviations.items():
        found[COLUMNS.index(name)] = deviation
    return found


def test_it_knows_the_four_kinds():
    centres = np.stack(
        [
            centre(**{tell.removeprefix("-"): -1.0 if tell[0] == "-" else 1.0 for tell in tells})
            for tells in TELLS.values()
        ]
    )
    assert named(centres) == tuple(TELLS)


def test_it_describes_what_fits_no_kind():
    assert named(centre(**{"daypart: night": 2.0})[None]) == ("Much daypart night",)


@given(st.integers(1, 8), st.integers(0, 1000))
def test_it_gives_no_name_twice(size, seed):
    centres = np.random.default_rng(seed).normal(0, 1, (size, len(COLUMNS)))
    assert len(set(named(centres))) == size


def test_it_says_what_is_unusual_most_first():
    found = unusual(centre(**{"daypart: night": 2.0, "pages: content": -3.0}), 2)
    assert found == (("pages: content", -3.0), ("daypart: night", 2.0))
