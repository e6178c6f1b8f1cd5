"""Windows through a narrow place: the past is rebuilt, and served as it was trained."""

import numpy as np
import pytest

from ml.autoencoder import linear
from ml.autoencoder.export import packed, parity
from ml.autoencoder.fitted import fit
from ml.autoencoder.served import Autoencoder
from ml.autoencoder.windows import Windows, errors, usual, weights


def windows(count=400, seed=1, steps=12):
    """Bumps at any step, two channels of them with little noise."""
    rng = np.random.default_rng(seed)
    at = rng.integers(0, steps, count)
    along = np.arange(steps)[None, :] - at[:, None]
    bumps = np.where(along >= 0, np.exp(-along / 3.0), 0.0)
    values = np.stack([bumps, 0.5 * bumps], axis=2) + rng.normal(0.0, 0.02, (count, steps, 2))
    known = np.repeat(np.eye(steps)[None, :, :1], count, axis=0)
    return Windows(values=values.astype(np.float32), known=known.astype(np.float32))


@pytest.fixture(scope="module")
def fitted():
    return fit(windows(), windows(100, 2), seed=3, passes=3, wide=16, narrow=4)


def test_what_is_served_is_what_was_trained(fitted):
    others = windows(50, 9)

    assert parity(fitted, Autoencoder(packed(fitted)), others) <= 1e-5


def test_a_seed_gives_the_same_network(fitted):
    again = fit(windows(), windows(100, 2), seed=3, passes=3, wide=16, narrow=4)

    assert packed(again) == packed(fitted)


def test_all_components_leave_nothing_over():
    clean = windows()
    components = linear.Components(linear.fit(clean, clean, count=24))

    assert np.abs(components.residuals(clean)).max() < 1e-4


def test_what_no_clean_window_looked_like_is_rebuilt_worse():
    clean, others = windows(), windows(60, 5)
    components = linear.Components(linear.fit(clean, clean, count=8))
    mixed = np.random.default_rng(2).permutation(12)
    strange = Windows(values=others.values[:, mixed].copy(), known=others.known)

    assert np.median(components.errors(strange)) > 2.0 * np.median(components.errors(clean))


def test_what_is_usual_is_a_robust_deviation():
    left = np.random.default_rng(1).normal(0.0, [[1.0], [3.0]], (5_000, 2, 1))
    left[:200] *= 100.0

    assert usual(left).ravel() == pytest.approx([1.0, 3.0], rel=0.1)


def test_many_hours_somewhat_off_are_worse_than_one_far_off():
    usually = np.ones((24, 1))
    one, many = np.zeros((1, 24, 1)), np.full((1, 24, 1), 1.5)
    one[0, 3] = 60.0

    assert errors(many, usually, np.ones(1)) == pytest.approx([np.log1p(1.5**2)])
    assert errors(many, usually, np.ones(1)) > errors(one, usually, np.ones(1))


def test_a_channel_that_is_chance_counts_little():
    values = np.random.default_rng(1).normal(0.0, 1.0, (500, 4, 2)).astype(np.float32)
    left = values * np.array([0.1, 1.0])

    assert weights(left, values) == pytest.approx([1.0, 0.0], abs=0.01)


def test_no_windows_have_no_errors(fitted):
    none = windows().of(slice(0, 0))

    assert Autoencoder(packed(fitted)).errors(none).shape == (0,)
