"""What may be said of channels, and what must not."""

import numpy as np
import pytest

from attribution.credit import attribute
from attribution.credit.verdict import Standing, cpa, differences, roas, verdict


def judged(conversions, model="shapley", **more):
    names = [f"c{number}" for number in range(len(conversions))]
    rows = {"path": names, "conversions": conversions, "nulls": [500] * len(names), **more}
    credit = attribute(rows, model, replicates=400, seed=2, keep_draws=True)
    return credit, verdict(credit.conversions, credit.draws.credit[:, 0])


def test_a_channel_far_above_all_others_leads():
    _, found = judged([400, 100, 90, 0])
    assert found.leader == 0
    assert found.standing == (
        Standing.LEADS, Standing.TRAILS, Standing.TRAILS, Standing.UNSEEN
    )  # fmt: skip
    assert found.tied[1] == (2,)


def test_equal_channels_are_undecided():
    _, found = judged([100, 104, 97])
    assert found.leader is None
    assert set(found.standing) == {Standing.UNDECIDED}
    assert found.tied[0] == (1, 2)


def test_nobody_leads_alone():
    assert judged([100])[1].leader is None


@pytest.mark.parametrize("model", ["last", "linear", "shapley", "markov"])
def test_without_a_difference_a_leader_is_declared_in_few_of_many_data_sets(model):
    rng = np.random.default_rng(8)
    declared = 0
    for _ in range(100):
        counts = rng.poisson(60, 8)
        rows = {"path": list("abcdefgh"), "conversions": counts, "nulls": [300] * 8}
        credit = attribute(rows, model, replicates=200, seed=1, keep_draws=True)
        declared += verdict(credit.conversions, credit.draws.credit[:, 0]).leader is not None
    assert declared <= 7


def test_bounds_of_differences_are_antisymmetric_and_hold_the_difference():
    credit, _ = judged([50, 80, 20])
    found = differences(credit.conversions, credit.draws.credit[:, 0])
    np.testing.assert_allclose(found.low, -found.high.T)
    assert (found.low <= found.point).all()
    assert (found.point <= found.high).all()


def test_roas_has_an_interval_and_is_unknown_without_cost():
    credit, _ = judged([50, 80], value=[500.0, 800.0])
    point, low, high = roas(credit.value, credit.draws.credit[:, 1], np.array([100.0, 0.0]))
    assert point[0] == pytest.approx(5.0)
    assert low[0] < 5.0 < high[0]
    assert np.isnan([point[1], low[1], high[1]]).all()


def test_cpa_has_an_interval_and_is_infinite_where_there_may_be_no_conversion():
    credit, _ = judged([50, 80, 0])
    cost = np.array([100.0, 0.0, 5.0])
    point, low, high = cpa(credit.conversions, credit.draws.credit[:, 0], cost)
    assert point[0] == pytest.approx(2.0)
    assert low[0] < 2.0 < high[0]
    assert np.isnan([point[1], low[1], high[1]]).all()
    assert point[2] == high[2] == np.inf
    assert 0 < low[2] < 10


def test_simultaneous_bounds_reach_as_far_as_the_widest_of_all_samples():
    rng = np.random.default_rng(1)
    draws = 100 + rng.normal(0, [[1.0], [2.0], [5.0]], (3, 4_000))
    found = differences(np.full(3, 100.0), draws)
    centred = draws - draws.mean(axis=1, keepdims=True)
    held = (np.abs(centred[:, None] - centred[None, :]) <= found.high[:, :, None] + 1e-12).all(
        axis=(0, 1)
    )
    assert held.mean() == pytest.approx(0.95, abs=0.002)
    assert (np.diag(found.high) == 0).all()
