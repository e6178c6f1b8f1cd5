"""Holding out the journeys that began last, and weighing models by what they foretell of them."""

import numpy as np
import pytest
from scipy.optimize import minimize

from attribution.credit import Paths, held_out
from attribution.credit.held_out import Moments


def journeys(rows=200, seed=1, *, began=True):
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 4, rows)
    converted = rng.random(rows) < 0.3
    return Paths(
        channels=("a", "b"),
        tokens=rng.integers(0, 2, lengths.sum()).astype(np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=converted.astype(np.float64),
        value=np.zeros(rows),
        nulls=(~converted).astype(np.float64),
        ages=rng.uniform(0, 20, lengths.sum()),
        began=rng.uniform(0, 90, rows) if began else None,
    )


def test_it_parts_the_journeys_by_when_they_began():
    paths = journeys()
    earlier, later = held_out.split(paths)
    assert earlier.journeys + later.journeys == paths.journeys
    assert later.journeys == pytest.approx(held_out.PART * paths.journeys, abs=1)
    assert earlier.began.max() < later.began.min()


def test_it_holds_nothing_out_where_no_time_is_known():
    earlier, later = held_out.split(journeys(began=False))
    assert (earlier.journeys, later.journeys) == (200, 0)


def test_the_parts_are_the_same_whatever_the_order_of_the_rows():
    paths = journeys()
    turned = np.arange(paths.lengths.size)[::-1]
    here = np.concatenate([np.arange(*paths.offsets[i : i + 2]) for i in turned])
    again = Paths(
        channels=paths.channels,
        tokens=paths.tokens[here],
        offsets=np.concatenate([[0], np.cumsum(paths.lengths[turned])]).astype(np.int64),
        conversions=paths.conversions[turned],
        value=paths.value[turned],
        nulls=paths.nulls[turned],
        ages=paths.ages[here],
        began=paths.began[turned],
    )
    for one, other in zip(held_out.split(paths), held_out.split(again), strict=True):
        assert one.tokens.tobytes() == other.tokens.tobytes()
        assert one.ages.tobytes() == other.ages.tobytes()
        assert one.conversions.tobytes() == other.conversions.tobytes()


def test_moments_stand_for_all_the_time_and_all_the_conversions():
    paths = journeys()
    at = held_out.moments(paths)
    longest = np.maximum.reduceat(paths.ages, paths.offsets[:-1])
    assert at.days.sum() == pytest.approx(longest.sum())
    assert at.events.sum() == paths.total_conversions
    assert (at.age[at.events > 0] == 0).all()
    assert (at.age <= longest[at.row]).all()


def test_a_constant_rate_is_likeliest_where_it_is_the_frequency():
    paths = journeys()
    at = held_out.moments(paths)
    rate = at.events.sum() / at.days.sum()
    found = [
        held_out.log_likelihood(np.full(at.row.size, rate * each), at) for each in (0.8, 1.0, 1.2)
    ]
    assert found[1] == max(found)
    assert np.isnan(held_out.log_likelihood(np.ones(0), held_out.moments(journeys(rows=0))))


def test_the_pool_is_the_likeliest_mixture_of_rates():
    rng = np.random.default_rng(4)
    size = 3_000
    rates = rng.gamma(2.0, 0.1, (3, size))
    true = 0.7 * rates[0] + 0.3 * rates[1]
    at = Moments(
        row=np.arange(2 * size),
        age=np.zeros(2 * size),
        events=np.concatenate([rng.poisson(true), np.zeros(size)]).astype(np.float64),
        days=np.concatenate([np.zeros(size), np.ones(size)]),
    )
    both = np.concatenate([rates, rates], axis=1)
    shares = held_out.pool(both, at)
    assert shares.sum() == pytest.approx(1.0)

    def loss(logs):
        return -held_out.log_likelihood(np.exp(logs) @ both, at)

    best = np.exp(minimize(loss, np.log([0.5, 0.5, 0.05]), method="Nelder-Mead").x)
    part = best[:, None] * both[:, :size]
    expected = ((part / part.sum(axis=0)) * at.events[:size]).sum(axis=1) / at.events.sum()
    np.testing.assert_allclose(shares, expected, atol=0.02)


def test_with_nothing_to_judge_by_all_count_alike():
    at = held_out.moments(journeys(rows=0))
    np.testing.assert_allclose(held_out.pool(np.zeros((4, 0)), at), 0.25)
