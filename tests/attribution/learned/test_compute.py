"""Fitted credit by day, segment and key adds up in every dimension."""

import numpy as np
import pytest

from attribution.contracts import LEARNED, By, Model
from attribution.credit import attribute
from attribution.credit.paths import Paths
from attribution.learned.compute import Observed, learn

CHANNELS = ("Paid Search", "Email", "Direct")


def observed(seed=5, rows=400):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 5, rows)
    touches = int(lengths.sum())
    kinds = rng.choice([0, 0, 0, 4, 7], rows)
    channel = rng.integers(0, 3, touches)
    ages = np.concatenate([np.sort(rng.uniform(0, 20, size))[::-1] for size in lengths])
    converted = kinds > 0
    return Observed(
        paths=Paths(
            channels=CHANNELS,
            tokens=channel.astype(np.int32),
            offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            conversions=converted.astype(np.float64),
            value=np.where(converted, rng.uniform(1, 90, rows), 0.0),
            nulls=(~converted).astype(np.float64),
            ages=ages,
        ),
        keys={By.CHANNEL: channel + 10, By.CAMPAIGN: channel * 3 + rng.integers(0, 3, touches)},
        day=rng.integers(20_000, 20_030, rows),
        segment=rng.integers(0, 4, rows),
        conversion_type=kinds,
    )


@pytest.mark.parametrize("model", LEARNED)
def test_it_credits_every_conversion_and_all_value_of_each_type(model):
    seen = observed()
    found, details = learn(seen, model)
    for credits_ in found.values():
        for kind in (4, 7):
            mine = credits_.conversion_type == kind
            rows = seen.conversion_type == kind
            assert credits_.credit[mine].sum() == pytest.approx(rows.sum())
            assert credits_.value[mine].sum() == pytest.approx(seen.paths.value[rows].sum())
    assert set(details) == {"4", "7"}


@pytest.mark.parametrize("model", LEARNED)
def test_the_dimensions_agree_to_the_last_touch(model):
    found, _ = learn(observed(), model)
    channels, campaigns = found[By.CHANNEL], found[By.CAMPAIGN]
    for channel in range(3):
        whole = channels.credit[channels.key == channel + 10].sum()
        parts = campaigns.credit[campaigns.key // 3 == channel].sum()
        assert parts == pytest.approx(whole)


def of_type(seen, kind):
    """The journeys a model of one conversion type is fitted to."""
    rows = (seen.conversion_type == kind) | (seen.conversion_type == 0)
    touches = np.repeat(rows, seen.paths.lengths)
    return Paths(
        channels=CHANNELS,
        tokens=seen.paths.tokens[touches],
        offsets=np.concatenate([[0], np.cumsum(seen.paths.lengths[rows])]).astype(np.int64),
        conversions=seen.paths.conversions[rows],
        value=seen.paths.value[rows],
        nulls=seen.paths.nulls[rows],
        ages=seen.paths.ages[touches],
    )


def test_it_gives_the_credit_of_the_model():
    seen = observed()
    found, _ = learn(seen, Model.SURVIVAL)
    expected = attribute(of_type(seen, 4), "survival").conversions
    mine = found[By.CHANNEL]
    for channel in range(3):
        here = (mine.key == channel + 10) & (mine.conversion_type == 4)
        assert mine.credit[here].sum() == pytest.approx(expected[channel])


def test_the_variance_of_all_days_is_that_of_fitting_anew():
    seen = observed(rows=3_000)
    found, _ = learn(seen, Model.DATA_DRIVEN)
    mine = found[By.CHANNEL]
    draws = attribute(of_type(seen, 4), "data-driven", replicates=400, keep_draws=True).draws
    for channel in range(3):
        here = (mine.key == channel + 10) & (mine.conversion_type == 4)
        deviation = draws.credit[channel, 0].std()
        assert np.sqrt(mine.credit_squares[here].sum()) == pytest.approx(deviation, rel=0.35)


def test_squares_are_those_of_journeys_not_of_touches():
    paths = Paths(
        channels=("a",),
        tokens=np.zeros(2, dtype=np.int32),
        offsets=np.array([0, 2]),
        conversions=np.ones(1),
        value=np.full(1, 5.0),
        nulls=np.zeros(1),
        ages=np.array([2.0, 1.0]),
    )
    one = Observed(
        paths=paths,
        keys={By.CHANNEL: np.array([1, 1])},
        day=np.array([1]),
        segment=np.array([0]),
        conversion_type=np.array([2]),
    )
    (found,) = learn(one, Model.ENSEMBLE)[0].values()
    assert found.credit_squares.tolist() == pytest.approx([1.0])
    assert found.value_squares.tolist() == pytest.approx([25.0])
