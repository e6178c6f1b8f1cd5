"""Forecasts of markets: they add up, they are numbers, and they see nothing that came later."""

import numpy as np
import pytest
from hypothesis import given, settings

from regulator.forecasts import ahead
from regulator.forecasts.candidates import NAMES
from tests.regulator.forecasts.markets import QUICK, grown, panel, panels


@settings(max_examples=40, deadline=None)
@given(panels())
def test_no_month_is_not_a_number_and_operators_sum_to_the_market(market):
    made = ahead.together(market, without=QUICK)

    for each in made:
        assert np.isfinite([each.point, each.low, each.high]).all()
        assert np.isfinite(each.half_total)
        assert (each.low <= each.point).all()
        assert (each.point <= each.high).all()
        assert each.method in NAMES
    if len(made) > 1:
        parts = np.sum([each.point for each in made[1:]], axis=0)
        assert made[0].point == pytest.approx(parts, rel=1e-9, abs=1e-3)


@settings(max_examples=20, deadline=None)
@given(panels())
def test_in_other_units_it_says_the_same(market):
    scaled = panel(market.ggr * 1024, market.handle * 1024)

    for one, other in zip(
        ahead.together(market, without=QUICK), ahead.together(scaled, without=QUICK), strict=True
    ):
        assert other.method == one.method
        assert other.point == pytest.approx(one.point * 1024, rel=1e-9, abs=1e-6)
        assert other.half_total == pytest.approx(one.half_total * 1024, rel=1e-9, abs=1e-6)


def test_what_came_after_the_origin_changes_nothing():
    market = grown(months=60)
    other = panel(market.ggr.copy(), market.handle.copy())
    other.ggr[48:] *= 3

    before, after = (ahead.alone(each.until(48), without=QUICK) for each in (market, other))

    assert [each.point.tolist() for each in before] == [each.point.tolist() for each in after]


def test_a_market_that_grows_with_its_seasons_is_forecast_within_a_tenth():
    market = grown(months=60)

    for place, each in enumerate(ahead.alone(market.until(48))):
        came = market.ggr[48:, place]
        assert np.abs(each.point - came).sum() < 0.1 * came.sum()
        assert set(each.errors) >= {"prophet", "ets", "arima", "theta", "naive", "held"}
        assert each.coverage is not None


def test_a_new_operator_gets_its_share_and_one_that_left_none():
    market = grown(months=48, operators=4, noise=0.0)
    market.ggr[:42, 1] = np.nan
    market.ggr[46:, 2] = np.nan

    made = {each.name: each for each in ahead.together(market, without=QUICK)}

    assert set(made) == {"", "o0", "o1", "o3"}
    assert made["o1"].method == "share"
    assert made["o1"].errors == {}
    assert made["o1"].total == pytest.approx(made["o0"].total * 2, rel=0.1)


def test_a_market_of_under_two_years_is_not_forecast():
    assert ahead.together(grown(months=23), without=QUICK) == []


def test_it_tells_how_far_it_is():
    told = []

    ahead.together(grown(), without=QUICK, told=lambda done, of: told.append((done, of)))

    assert told[-1] == (4, 4)
    assert [done for done, _ in told] == [0, 1, 2, 3, 4]
