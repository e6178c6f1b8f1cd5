"""What touches cause in each group: planted effects come out, nothing comes from nothing."""

import numpy as np
import pytest

from attribution.credit.paths import Paths
from attribution.profiles.effects import effects

EFFECT = np.array([[0.25, 0.02], [0.02, 0.25]])  # group, channel


@pytest.fixture(scope="module")
def market():
    """One touch each, observed for thirty days; what it causes depends on group and channel."""
    rng = np.random.default_rng(3)
    size = 6_000
    group, token = rng.integers(0, 2, size), rng.integers(0, 2, size)
    converted = rng.random(size) < EFFECT[group, token]
    ages = np.where(converted, rng.exponential(2.0, size), 30.0)
    paths = Paths(
        channels=("a", "b"),
        tokens=token.astype(np.int32),
        offsets=np.arange(size + 1),
        conversions=converted.astype(np.float64),
        value=converted * 10.0,
        nulls=(~converted).astype(np.float64),
        ages=ages,
    )
    return paths, group


@pytest.fixture(scope="module")
def found(market):
    return effects(*market, (0, 1), seed=1)


def test_it_finds_which_channel_moves_whom(found):
    assert found.lift[1, 0] > 1 > found.lift[2, 0]
    assert found.lift[2, 1] > 1 > found.lift[1, 1]
    assert found.lift_low[1, 0] > found.lift_high[2, 0]


def test_it_finds_what_was_planted_within_its_noise(found):
    planted = EFFECT * found.touches[1:]
    assert (np.abs(found.caused[1:] - planted) < 3 * np.sqrt(planted)).all()
    assert (found.caused_low < found.caused).all()
    assert (found.caused < found.caused_high).all()


def test_it_causes_no_more_than_happened(found):
    assert (found.caused.sum(axis=1) <= found.conversions + 1e-9).all()
    np.testing.assert_allclose(found.last.sum(axis=1), found.conversions)
    np.testing.assert_allclose(found.last_value.sum(axis=1), found.total_value)


def test_it_has_everybody_first(found):
    np.testing.assert_allclose(found.conversions[0], found.conversions[1:].sum())
    np.testing.assert_allclose(found.touches[0], found.touches[1:].sum(axis=0))
    known = ~np.isnan(found.lift[0])
    np.testing.assert_allclose(found.lift[0][known], 1.0)


def test_it_finds_nothing_where_nobody_converts(market):
    paths, group = market
    lost = paths.of(paths.conversions == 0)
    found = effects(lost, group[paths.conversions == 0], (0, 1, 5), seed=1)
    assert not found.caused.any()
    assert np.isnan(found.lift).all()


def test_it_is_the_same_every_time(market, found):
    again = effects(*market, (0, 1), seed=1)
    np.testing.assert_array_equal(again.caused_high, found.caused_high)
