"""Average precision as scikit-learn has it."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score

from ml.training.precision import average_precision

drawn = st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=1, max_size=60)


@given(drawn.filter(lambda rows: any(truth for truth, _ in rows)))
def test_it_is_scikit_learns_with_equal_scores_too(rows):
    truth, scores = np.array(rows, dtype=float).T

    expected = average_precision_score(truth, scores)

    assert average_precision(truth, scores) == pytest.approx(expected, abs=1e-12)


def test_where_nothing_is_true_it_is_nothing():
    assert average_precision(np.zeros(3), np.arange(3.0)) == 0.0
