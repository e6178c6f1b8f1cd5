"""The baseline's medians are numpy's, to the bit, and take a whole market at once."""

import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from regulator.detectors.baseline import _median, _medians_of_others

markets = arrays(
    np.float64, array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
    elements=st.one_of(st.just(float("nan")), st.floats(0, 5, width=16), st.just(2.0)),
)  # fmt: skip


def plain(values, axis):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return np.nanmedian(values, axis=axis)


@pytest.mark.parametrize("axis", [0, 1])
@given(values=markets)
def test_a_median_is_numpys(values, axis):
    np.testing.assert_array_equal(_median(values, axis), plain(values, axis))


@given(values=markets)
def test_the_others_median_leaves_the_own_value_out(values):
    expected = [
        plain(np.delete(values, place, axis=1), 1) if values.shape[1] > 1 else np.nan * values[:, 0]
        for place in range(values.shape[1])
    ]

    np.testing.assert_array_equal(_medians_of_others(values), np.column_stack(expected))
