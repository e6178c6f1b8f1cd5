"""What is unusual, without labels."""

import numpy as np
import pytest

from ml.isolation.fitted import fit, parity
from ml.isolation.served import Isolation
from ml.training.examples import Examples


@pytest.fixture(scope="module")
def fitted():
    rng = np.random.default_rng(1)
    matrix = rng.normal(size=(2_000, 6))
    matrix[rng.random(matrix.shape) < 0.2] = np.nan
    matrix[:, 5] = np.nan
    learn = Examples(names=list("abcdef"), matrix=matrix, truth=np.zeros(2_000),
                     at=np.arange(2_000.0))  # fmt: skip
    return (*fit(learn, seed=1), matrix)


def test_it_finds_the_far_more_unusual_than_the_near(fitted):
    _, packed, _ = fitted
    served = Isolation(packed)

    near, far = served.margins(np.array([[0.0] * 6, [6.0] * 6]))

    assert far > 0.0 > near


def test_it_is_served_as_it_was_trained(fitted):
    forest, packed, matrix = fitted

    assert parity(forest, packed, matrix) <= 1e-5


def test_it_answers_the_same_bits_alone_and_among_others(fitted):
    _, packed, matrix = fitted
    served = Isolation(packed)

    together = served.margins(matrix[:40])

    assert [served.margins(row[None])[0] for row in matrix[:40]] == together.tolist()
    assert served.margins(matrix[:0]).size == 0
