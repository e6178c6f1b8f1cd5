"""What members share: errors of windows in a row are judged together."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from regulator.learned.members import lasting

ERRORS = npst.arrays(
    np.float64, st.tuples(st.integers(1, 40), st.integers(1, 3)),
    elements=st.one_of(st.just(np.nan), st.floats(0, 10)),
)  # fmt: skip


@given(ERRORS, st.integers(1, 12))
def test_it_is_the_mean_of_the_known_ones_of_the_last_hours(errors, hours):
    found = lasting(errors, hours)
    assert np.array_equal(np.isnan(found), np.isnan(errors))
    for hour, operator in zip(*np.nonzero(np.isfinite(errors)), strict=True):
        wanted = np.nanmean(errors[max(hour - hours + 1, 0) : hour + 1, operator])
        assert found[hour, operator] == pytest.approx(wanted, abs=1e-9)


def test_it_knows_nothing_of_later_hours():
    errors = np.random.default_rng(2).random((50, 2))
    later = errors.copy()
    later[30:] = 9.0
    assert np.allclose(lasting(errors)[:30], lasting(later)[:30])
