"""Windows through a narrow place: the past is rebuilt, and served as it was trained."""

import numpy as np
import pytest

from ml.autoencoder import linear
from ml.autoencoder.export import packed, parity
from ml.autoencoder.fitted import fit
from ml.autoencoder.served import Autoencoder
from ml.autoencoder.windows import Windows, errors, usual


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


def test_clean_windows_have_an_error_of_about_one():
    clean = windows()
    components = linear.Components(linear.fit(clean, count=3))

    assert components.errors(clean).mean() == pytest.approx(1.0)


def test_all_components_leave_nothing_over():
    clean = windows()
    components = linear.Components(linear.fit(clean, count=24))

    assert np.abs(components.residuals(clean)).max() < 1e-4


def test_what_no_clean_window_looked_like_is_rebuilt_worse():
    clean, others = windows(), windows(60, 5)
    components = linear.Components(linear.fit(clean, count=8))
    mixed = np.random.default_rng(2).permutation(12)
    strange = Windows(values=others.values[:, mixed].copy(), known=others.known)

    assert np.median(components.errors(strange)) > 2.0 * np.median(components.errors(clean))


def test_an_error_is_the_mean_square_by_what_is_usual():
    left = np.random.default_rng(1).normal(0.0, [[1.0], [3.0]], (5_000, 2, 1))

    assert usual(left).ravel() == pytest.approx([1.0, 3.0], rel=0.05)
    assert errors(np.full((1, 2, 1), 3.0), np.array([[1.0], [3.0]])) == pytest.approx([5.0])


def test_no_windows_have_no_errors(fitted):
    none = windows().of(slice(0, 0))

    assert Autoencoder(packed(fitted)).errors(none).shape == (0,)
