"""Leading digits: the published figures, limits that hold at every size, and what is noticed."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from regulator.detectors import benford
from tests.data_dir import data_file

AMOUNTS = st.lists(
    st.decimals(min_value="0.01", max_value="9999999", places=2), min_size=1, max_size=50
)


@pytest.mark.parametrize("places", [1, 2])
def test_the_chances_of_the_digits_sum_to_one(places):
    assert benford.law(places).sum() == pytest.approx(1.0, abs=1e-12)


@given(AMOUNTS, st.integers(-6, 6), st.sampled_from([1, 2]))
def test_digits_are_those_written_whatever_the_sign_and_the_scale(amounts, power, places):
    plain = [str(each).replace(".", "").replace("-", "").lstrip("0") for each in amounts]
    expected = [int((each + "0")[:places]) for each in plain]
    values = np.array([float(each) for each in amounts])
    assert benford.leading(values, places).tolist() == expected
    assert benford.leading(-values * 10.0**power, places).tolist() == expected


def test_nothing_and_what_is_no_number_have_no_digits():
    assert benford.leading(np.array([0.0, np.nan, np.inf, -0.0031])).tolist() == [31]


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("count", [200, 1_000, 20_000, 200_000])
def test_one_honest_sample_in_twenty_is_above_the_limit_whatever_its_size(count, places):
    chances = benford.law(places)
    counts = np.random.default_rng(count).multinomial(count, chances, size=20_000)
    mads = np.abs(counts / count - chances).mean(axis=1)
    assert (mads > benford.limit(count, places)).mean() == pytest.approx(0.05, abs=0.01)


@pytest.mark.parametrize("places", [1, 2])
def test_the_skewness_is_that_of_the_limiting_normal_vector(places):
    chances = benford.law(places)
    normal = np.random.default_rng(5).standard_normal((200_000, chances.size)) * np.sqrt(chances)
    sums = np.abs(normal - np.outer(normal @ np.sqrt(chances), chances)).sum(axis=1)
    assert stats.skew(sums) == pytest.approx(benford._SKEWNESS[places], abs=0.03)


def test_a_tenth_of_ten_thousand_invented_amounts_is_noticed_four_times_in_five():
    chances = benford.law()
    mixed = 0.9 * chances + 0.1 / 90
    counts = np.random.default_rng(3).multinomial(10_000, mixed, size=4_000)
    seen = (np.abs(counts / 10_000 - chances).mean(axis=1) > benford.limit(10_000)).mean()
    assert seen >= 0.80
    assert benford.power(10_000, 0.1) == pytest.approx(seen, abs=0.03)
    assert benford.power(2_000, 0.1) < 0.3
    assert benford.power(50_000, 0.1) > 0.99


def test_corporate_payments_give_the_published_deviation():
    amounts = pd.read_csv(data_file("gaming/benford_corporate_payment.csv.gz"))["Amount"]
    found = benford.examine(benford.tally(amounts[amounts > 0].to_numpy()))
    assert (found.count, round(found.mad, 6)) == (185_083, 0.002337)
    told = benford.anomaly(benford.tally(amounts[amounts > 0].to_numpy()))
    assert told is not None
    assert told.evidence["too_often"] == [50, 11, 10]


def test_small_and_honest_samples_are_not_accused():
    rng = np.random.default_rng(1)
    honest = 10.0 ** rng.uniform(0, 4, 3_000)
    assert benford.anomaly(benford.tally(honest)) is None
    assert benford.anomaly(benford.tally(np.full(150, 77.0))) is None


def test_stakes_are_compared_with_the_operators_own_past():
    alarms, found = [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        habits = rng.dirichlet(np.full(90, 0.3))

        def period(rng=rng, habits=habits):
            """Bets of one player are alike: periods differ by more than chance."""
            return rng.multinomial(5_000, rng.dirichlet(habits * 2_000 + 1e-9))

        past = [period() for _ in range(12)]
        alarms += [benford.against_history(past, period()).p_value < 0.05 for _ in range(20)]
        invented = rng.multinomial(5_000, 0.85 * habits + 0.15 / 90)
        found.append(benford.against_history(past, invented).p_value < 0.01)
        assert benford.anomaly(past[0]) is not None
        assert benford.against_history(past[:3], past[3]) is None
    assert np.mean(alarms) < 0.08
    assert np.mean(found) > 0.9
