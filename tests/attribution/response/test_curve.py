"""Response curves: planted ones are found, and days that can't tell say so."""

import numpy as np
import pytest

from attribution.response.curve import Curve, Series, Untold, adstock, fit, interval


def market(seed, *, days=120, top=60.0, half=300.0, carry=0.0, spread=0.5, label="Paid"):
    """Days whose conversions follow a known curve: gamma spend, Poisson conversions."""
    rng = np.random.default_rng(seed)
    cost = rng.gamma(1 / spread**2, 200 * spread**2, days)
    at_work = adstock(cost, carry)
    conversions = rng.poisson(top * at_work / (at_work + half)).astype(float)
    return Series(label=label, cost=cost, conversions=conversions, value=conversions * 50.0)


def test_it_finds_a_planted_curve_where_it_was_spent():
    curve, = fit([market(1)])  # fmt: skip

    for spend in (100.0, 200.0, 300.0):
        point, low, high = interval(curve.at(spend))
        assert point == pytest.approx(60 * spend / (spend + 300), rel=0.1)
        assert low < point < high


def test_its_intervals_hold_the_truth_about_as_often_as_they_say():
    held = 0
    for seed in range(60):
        (curve,) = fit([market(seed)], replicates=200)
        _, low, high = interval(curve.at(250.0))
        held += low <= 60 * 250 / 550 <= high
    assert held >= 52


def test_it_finds_how_long_spend_works_on():
    found = [fit([market(seed, carry=0.7, days=200)])[0].carry for seed in range(8)]

    assert np.median(found) == pytest.approx(0.7, abs=0.16)


def test_a_conversion_is_worth_its_mean_value():
    (curve,) = fit([market(2)])

    assert curve.worth == pytest.approx(np.full(401, 50.0))


def test_returns_diminish():
    (curve,) = fit([market(3)])

    assert (curve.slope(100.0) > curve.slope(400.0)).all()
    assert (curve.at(0.0) == 0).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"cost": np.zeros(60)}, "cost nothing"),
        ({"cost": np.r_[np.full(20, 100.0), np.zeros(40)]}, "on 20 days"),
        ({"conversions": np.full(60, 0.1)}, "fewer than 30"),
        ({"cost": np.full(60, 100.0)}, "hardly ever varied"),
    ],
)
def test_days_that_can_not_tell_say_why(change, said):
    rng = np.random.default_rng(1)
    plain = {"cost": rng.gamma(4, 50, 60), "conversions": np.full(60, 5.0)}
    series = Series(label="x", **(plain | change), value=np.full(60, 1.0))

    (found,) = fit([series])

    assert isinstance(found, Untold)
    assert said in found.reason


def test_it_is_the_same_every_time_and_whatever_stands_beside_it():
    one, other = market(1), market(2, label="Other")
    (alone,), (beside, _) = fit([one]), fit([one, other])

    assert isinstance(alone, Curve)
    assert (alone.top == beside.top).all()
    assert (alone.half == beside.half).all()


def test_nothing_to_fit_is_nothing():
    assert fit([]) == ()
    (found,) = fit(
        [Series(label="x", cost=np.zeros(0), conversions=np.zeros(0), value=np.zeros(0))]
    )
    assert isinstance(found, Untold)


def test_series_of_other_days_are_refused():
    with pytest.raises(ValueError, match="same days"):
        fit([market(1, days=60), market(2, days=61)])


def test_constant_spend_is_at_work_as_it_is():
    assert adstock(np.full(20, 7.0), 0.7) == pytest.approx(np.full(20, 7.0))
