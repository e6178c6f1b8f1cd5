"""Features of an operator's hour: exact against pandas, and blind to what comes after."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regulator.features import FEATURES, FIGURES, Series, SeriesUnusable, matrix
from regulator.features.ratios import trend, z_score

START = datetime(2026, 2, 27, 5, tzinfo=UTC)
STATISTICS = {"sum": "sum", "mean": "mean", "deviation": "std", "least": "min", "most": "max"}


def series(seed=1, hours=500, operators=3, unknown=0.0):
    rng = np.random.default_rng(seed)
    values = rng.gamma(3.0, 1_000.0, (hours, operators, 3)).round()
    values[rng.random(values.shape) < unknown] = np.nan
    games = rng.gamma(2.0, 500.0, (hours, operators, 2)).round()
    return Series(
        start=START, operators=tuple("abcdef"[:operators]), values=values,
        refunds=rng.gamma(1.0, 20.0, (hours, operators)).round(), games={"slots": games},
    )  # fmt: skip


def column(found, name):
    return found[:, :, FEATURES.names.index(name)]


@pytest.mark.parametrize("unknown", [0.0, 0.2, 0.6])
def test_rolling_statistics_are_those_of_pandas(unknown):
    given_ = series(unknown=unknown)
    found = matrix(given_)

    for figure in FIGURES:
        frame = pd.DataFrame(given_.figure(figure))
        for hours in (24, 168):
            rolling = frame.rolling(hours, min_periods=hours // 2)
            for name, theirs in STATISTICS.items():
                wanted = getattr(rolling, theirs)().to_numpy()
                np.testing.assert_allclose(
                    column(found, f"{figure}_{hours}h_{name}"), wanted, rtol=1e-9
                )


def test_ratios_and_margins_are_of_what_was_held():
    given_ = series()
    found = matrix(given_)
    day = [
        pd.DataFrame(each).rolling(24, min_periods=12).sum().to_numpy()
        for each in (given_.figure("payouts"), given_.figure("stakes"), given_.refunds)
    ]

    ratio = day[0] / (day[1] - day[2])
    np.testing.assert_allclose(column(found, "payout_ratio_24h"), ratio, rtol=1e-9)
    np.testing.assert_allclose(column(found, "margin_24h"), 1.0 - ratio, rtol=1e-9)


def test_a_z_score_is_against_the_same_hour_of_the_days_before():
    values = series(hours=24 * 40).figure("stakes")
    found = z_score(values)

    past = np.array([values[24 * 35 + 3 - 24 * day, 1] for day in range(1, 29)])
    wanted = (values[24 * 35 + 3, 1] - past.mean()) / past.std(ddof=1)
    assert found[24 * 35 + 3, 1] == pytest.approx(wanted)
    assert np.isnan(found[: 24 * 7]).all()
    assert np.isnan(z_score(np.ones((24 * 40, 1)))).all()


def test_a_trend_is_the_slope_of_a_line_through_seven_days():
    values = series(hours=24 * 9).figure("stakes")
    at = 24 * 8 + 5

    days = np.array([values[at - 24 * day, 0] for day in range(6, -1, -1)])
    assert trend(values)[at, 0] == pytest.approx(np.polyfit(np.arange(7), days, 1)[0])


def test_a_game_is_compared_with_the_others_of_its_market():
    given_ = series()
    found = column(matrix(given_), "slots_payout_to_market")

    week = given_.games["slots"][-168:].sum(axis=0)
    theirs = week[1:].sum(axis=0)
    assert found[-1, 0] == pytest.approx(week[0, 1] / week[0, 0] - theirs[1] / theirs[0])
    assert np.isnan(column(matrix(given_), "bingo_payout_to_market")).all()


def test_the_clock_goes_round():
    found = matrix(series())
    sin, cos = column(found, "hour_sin"), column(found, "hour_cos")

    assert np.allclose(sin**2 + cos**2, 1.0)
    assert sin[1, 0] == pytest.approx(np.sin(2 * np.pi * 6 / 24))
    assert column(found, "weekday_sin")[0, 0] == pytest.approx(np.sin(2 * np.pi * 4 / 7))
    month = column(found, "month_cos")
    assert month[0, 0] == pytest.approx(np.cos(2 * np.pi / 12))
    assert month[48, 0] == pytest.approx(np.cos(2 * np.pi * 2 / 12))


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), until=st.integers(1, 299))
def test_what_comes_after_an_hour_changes_nothing_of_it(seed, until):
    whole = series(seed, hours=300, unknown=0.1)
    changed = series(seed, hours=300, unknown=0.1)
    changed.values[until:] *= 7.0
    changed.refunds[until:] += 1.0
    changed.games["slots"][until:] = np.nan

    np.testing.assert_array_equal(matrix(whole)[:until], matrix(changed)[:until])


@settings(max_examples=5, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), begin=st.integers(0, 40))
def test_what_was_a_month_before_a_window_changes_nothing_of_it(seed, begin):
    whole = series(seed, hours=24 * 45)
    found, later = matrix(whole), matrix(whole.part(begin, 24 * 45))

    np.testing.assert_allclose(found[24 * 44 :], later[24 * 44 - begin :], rtol=1e-9)


def test_none_is_infinite():
    nothing = Series(start=START, operators=("a", "b"), values=np.zeros((400, 2, 3)))

    assert not np.isinf(matrix(nothing)).any()


def test_each_says_what_it_is():
    for feature in FEATURES:
        assert feature.doc.endswith(".")
        assert feature.unit
        assert feature.window


def test_arrays_that_do_not_fit_are_refused():
    values = np.zeros((5, 2, 3))

    with pytest.raises(SeriesUnusable):
        Series(start=START, operators=("a",), values=values)
    with pytest.raises(SeriesUnusable):
        Series(start=START + timedelta(minutes=1), operators=("a", "b"), values=values)
    with pytest.raises(SeriesUnusable):
        Series(start=START, operators=("a", "b"), values=values, refunds=np.zeros((4, 2)))
