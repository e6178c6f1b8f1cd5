"""What moves a model most: shares of all, the greatest first."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from ml.weights import weights

NAMES = ("a", "b", "c", "d")


def told(values):
    """A model that explains any rows by ``values``."""
    return SimpleNamespace(names=NAMES, explain=lambda _: SimpleNamespace(values=values))


def test_up_and_down_move_it_alike():
    values = np.array([[3.0, 0.0, 0.5, 0.0], [-3.0, 1.0, 0.5, 0.0]])

    found = weights(told(values), values)

    assert list(found) == ["a", "b", "c"]
    assert found["a"] == pytest.approx(0.75)


def test_what_never_moves_has_no_features():
    assert weights(told(np.zeros((2, 4))), np.zeros((2, 4))) == {}


@given(arrays(float, (5, 4), elements=st.floats(-50, 50)), st.integers(1, 6))
def test_shares_are_of_all_and_descend(values, most):
    found = list(weights(told(values), values, most=most).values())

    assert len(found) <= most
    assert found == sorted(found, reverse=True)
    assert sum(found) <= 1.0 + 1e-9
    if found and most >= len(NAMES):
        assert sum(found) == pytest.approx(1.0)
