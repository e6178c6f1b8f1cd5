"""Synthetic paths."""

import pytest

from simulation.paths import synthetic_paths


def test_it_makes_one_journey_per_row_of_about_the_given_length():
    frame = synthetic_paths(4_000, 20, 3.0, seed=1)
    lengths = frame["path"].str.count(">") + 1
    assert lengths.mean() == pytest.approx(3.0, rel=0.1)
    assert (frame["conversions"] + frame["nulls"] == 1).all()
    assert (frame.loc[frame["conversions"] == 0, "value"] == 0).all()


def test_it_gives_the_same_paths_for_the_same_seed():
    assert synthetic_paths(50, 5, 2.0, seed=4).equals(synthetic_paths(50, 5, 2.0, seed=4))
