"""The pure parts: structure, mixtures, choice, intervals, reconciliation."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from regulator.forecasts import candidates, intervals, members, reconcile, structure, trials
from regulator.forecasts.ahead import with_market
from regulator.forecasts.intervals import Tried
from regulator.forecasts.panel import Daily, bridged, first_day, known, last_day, month_of
from regulator.forecasts.trials import Trial
from tests.regulator.forecasts.markets import grown, panel

AMOUNTS = st.floats(-1e9, 1e9)


def test_a_month_is_a_number_and_back():
    assert first_day(month_of(first_day(24_311))) == first_day(24_311)
    assert (last_day(12 * 2024 + 1).day, last_day(12 * 2025 + 11).day) == (29, 31)


def test_gaps_within_are_bridged_and_ends_are_not():
    series = np.array([np.nan, 1.0, np.nan, 3.0, np.nan])

    assert known(series).tolist() == [1.0, 2.0, 3.0]
    assert np.isnan(bridged(series[:, None])[[0, 4], 0]).all()


def test_stakes_keep_half_of_their_growth_and_hold_its_level():
    time = np.arange(36)
    handle = (100.0 * 1.2 ** (time / 12))[:, None]
    market = panel(handle * 0.08, handle)

    staked = structure.handle_ahead(market, 24)[:, 0]
    whole = structure.held(market, 12)[:, 0]

    assert staked[0] == pytest.approx(handle[24, 0] * 1.2**0.5, rel=0.01)
    assert staked[12] == pytest.approx(handle[24, 0] * 1.2**0.75, rel=0.01)
    assert whole == pytest.approx(0.08 * staked[:12], rel=0.01)


def test_a_month_of_which_the_hold_is_a_slip_of_the_pen_moves_nothing():
    market = grown(noise=0.02)
    slipped = panel(market.ggr.copy(), market.handle)
    slipped.ggr[-3, 0] *= 100

    assert structure.held(slipped, 12)[:, 0] == pytest.approx(
        structure.held(market, 12)[:, 0], rel=0.05
    )


def test_the_season_is_found_without_stakes():
    market = grown(months=48, noise=0.0)
    told = structure.level_season(panel(market.ggr), 12)[:, 0]

    assert np.argmax(told) == np.argmax(market.ggr[-12:, 0])


@given(st.dictionaries(st.sampled_from(["naive", "ets", "arima", "theta", "held", "level"]),
                       arrays(float, 3, elements=AMOUNTS), min_size=1))  # fmt: skip
def test_a_mixture_lies_between_its_members(parts):
    found = candidates.all_of(parts)

    values = np.array(list(parts.values()))
    for name in (*candidates.MIXTURES, candidates.MEDIAN):
        if name in found:
            assert (found[name] >= values.min(axis=0) - 1e-3).all()
            assert (found[name] <= values.max(axis=0) + 1e-3).all()
    assert set(found) <= set(candidates.NAMES)


def trial(actual, **told):
    return Trial(
        origin=24, actual=np.array(actual, dtype=float),
        candidates={name: np.array(each, dtype=float) for name, each in told.items()},
    )  # fmt: skip


def test_the_error_is_what_was_missed_of_all_that_came():
    assert trial([10, -10], naive=[8, -7]).error("naive") == pytest.approx(0.25)


def test_a_series_with_few_trials_is_drawn_to_what_does_well_elsewhere():
    lucky = trial([10, 10], naive=[10, 10], held=[9, 9])
    usual = [[trial([10, 10], naive=[2, 2], held=[9, 9])] * 3] * 4

    assert trials.chosen([lucky], [[lucky]]) == "naive"
    assert trials.chosen([lucky], [[lucky], *usual]) == "held"
    assert trials.chosen([], []) == candidates.UNTRIED
    assert trials.chosen([], [[trial([0, 0], naive=[1, 1])]]) == candidates.UNTRIED


def test_origins_lie_half_a_year_apart_and_leave_enough_before():
    assert trials.origins(48, 12, 18) == [36, 30, 24]
    assert trials.origins(30, 12, 18) == [18]
    assert trials.origins(29, 12, 18) == []


def test_members_that_cant_be_fitted_are_last_years_months():
    short = np.arange(14.0)

    assert members.ahead("arima", short, 0, 12).tolist() == short[-12:].tolist()
    assert members.ahead("ets", np.zeros(40), 0, 12).tolist() == [0.0] * 12
    assert members.ahead("theta", np.full(40, 5.0), 0, 12).tolist() == [5.0] * 12
    assert members.naive(np.array([2.0, 4.0]), 0, 3).tolist() == [3.0] * 3
    assert members.naive(np.zeros(0), 0, 2).tolist() == [0.0, 0.0]


def tried(seed, origins=3, spread=0.2):
    rng = np.random.default_rng(seed)
    actual = rng.gamma(20, 5.0, (origins, 12))
    return Tried(forecast=np.full((origins, 12), 100.0), actual=100 + spread * (actual - 100) * 4)


@given(st.floats(0.05, 0.9), st.floats(0.05, 0.9), arrays(float, 12, elements=AMOUNTS))
def test_intervals_nest(one, other, forecast):
    low, high = sorted((one, other))
    learned = intervals.widths([tried(1), tried(2)])

    assert (
        intervals.half_widths(learned, 0, forecast, low)
        <= intervals.half_widths(learned, 0, forecast, high)
    ).all()
    assert intervals.half_total(learned, 0, forecast, low) <= intervals.half_total(
        learned, 0, forecast, high
    )


def test_the_year_is_surer_than_its_months_together():
    learned = intervals.widths([tried(seed) for seed in range(6)])
    forecast = np.full(12, 100.0)

    assert intervals.half_total(learned, 0, forecast) < 0.6 * float(
        intervals.half_widths(learned, 0, forecast).sum()
    )


def test_intervals_cover_as_often_as_they_say():
    rng = np.random.default_rng(5)
    learned = intervals.widths([tried(seed, spread=0.15) for seed in range(40)])
    half = intervals.half_widths(learned, 0, np.full(12, 100.0))
    came = 100 + 0.15 * (rng.gamma(20, 5.0, (4_000, 12)) - 100) * 4

    assert 0.7 < float((np.abs(came - 100) <= half).mean()) < 0.9
    covered = intervals.coverage([tried(seed, spread=0.15) for seed in range(40)])
    assert 0.76 < float(np.mean(covered)) < 0.84


def test_without_a_trial_an_interval_is_wide_and_coverage_unknown():
    none = Tried(forecast=np.zeros((0, 0)), actual=np.zeros((0, 0)))
    learned = intervals.widths([none])

    assert (intervals.half_widths(learned, 0, np.full(12, 100.0)) > 30).all()
    assert intervals.half_total(learned, 0, np.full(12, 100.0)) > 300
    assert intervals.coverage([none]) == [None]


@given(
    arrays(float, (3, 5), elements=AMOUNTS),
    arrays(float, 5, elements=AMOUNTS),
    arrays(float, (8, 4), elements=st.floats(-1e6, 1e6)),
)
def test_reconciled_parts_sum_and_whole_units_sum_exactly(parts, total, errors):
    weights = reconcile.covariance(errors, np.ones(4))
    told, moved = reconcile.reconciled(total, parts, weights)

    assert np.isfinite(moved).all()
    assert told == pytest.approx(moved.sum(axis=0))
    units, pieces = reconcile.whole(moved)
    assert units == [sum(column) for column in zip(*pieces, strict=True)]


def test_who_is_least_sure_moves_most():
    _, moved = reconcile.reconciled(
        np.array([130.0]), np.array([[50.0], [50.0]]), np.diag([1.0, 1.0, 9.0])
    )

    assert moved[0] - 50 == pytest.approx((moved[1] - 50) / 9)


def test_prophet_by_day_knows_the_week_and_sums_to_months():
    start = date(2023, 1, 1)
    count = (date(2025, 7, 1) - start).days
    week = np.array([(start + timedelta(days=each)).weekday() for each in range(count)])
    days = Daily(first=start, ggr=100.0 + 50.0 * (week >= 5))

    told = members.by_day(days, month_of(date(2025, 7, 1)), 2, "US")

    weekends = [
        sum(date(2025, month, day).weekday() >= 5 for day in range(1, 32)) for month in (7, 8)
    ]
    assert told == pytest.approx([3_100 + 50 * each for each in weekends], rel=0.01)
    assert members.by_day(Daily(first=start, ggr=days.ggr[:400]), 24_240, 2) is None


def test_a_panels_days_end_with_its_last_month():
    daily = {"o0": Daily(first=date(2020, 1, 1), ggr=np.ones(100))}
    market = replace(panel(np.ones((3, 1))), daily=daily)

    assert market.until(2).days("o0").ggr.size == 31 + 29
    assert market.days("o1") is None
    whole = with_market(market)
    assert whole.days("").ggr.sum() == 91
