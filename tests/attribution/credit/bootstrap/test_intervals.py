"""Intervals: wide as Poisson counts, repeatable, and every sample what the model gives on it."""

import numpy as np
import pytest

from attribution.credit import MODELS, CreditError, attribute, attribute_all, parse
from attribution.credit.bootstrap import chains, refits, sampler
from tests.attribution.credit.journeys import HAND


@pytest.mark.parametrize("model", list(MODELS))
def test_intervals_hold_the_credit_and_repeat_with_the_seed(model):
    one, two = (attribute(HAND, model, replicates=200, seed=4) for _ in range(2))
    assert one.conversions_low.tobytes() == two.conversions_low.tobytes()
    assert (one.conversions_low <= one.conversions).all()
    assert (one.conversions <= one.conversions_high).all()
    assert attribute(HAND, model).conversions_low is None


def test_the_spread_of_a_rule_is_that_of_poisson_counts():
    rows = {"path": ["a", "b"], "conversions": [400, 100], "nulls": [50, 5000]}
    credit = attribute(rows, "last", replicates=4_000, seed=1)
    width = credit.conversions_high - credit.conversions_low
    np.testing.assert_allclose(width, 2 * 1.96 * np.sqrt([400, 100]), rtol=0.1)


def test_it_refuses_a_negative_number_of_samples():
    with pytest.raises(CreditError):
        attribute(HAND, "last", replicates=-1)


def test_markov_samples_are_what_the_model_gives_on_each_sample():
    sampled = sampler(parse(HAND), 60, 9)
    credit, removal = chains.credit(sampled, 1)
    for replicate in (0, 17, 59):
        expected = attribute(refits.sampled(sampled, replicate), "markov")
        np.testing.assert_allclose(credit[:, 0, replicate], expected.conversions, atol=1e-9)
        np.testing.assert_allclose(credit[:, 1, replicate], expected.value, atol=1e-9)
        np.testing.assert_allclose(removal[:, 0, replicate], expected.removal_effect, atol=1e-9)


def test_many_models_see_the_same_samples_as_each_alone():
    models = ("linear", "shapley", ("markov", {"order": 2}), "markov")
    for credit in attribute_all(HAND, models, replicates=80, seed=6, keep_draws=True):
        alone = attribute(
            HAND, credit.model, replicates=80, seed=6, keep_draws=True, **credit.params
        )
        assert credit.draws.credit.tobytes() == alone.draws.credit.tobytes()
        assert credit.standing == alone.standing


def test_figures_say_how_many_journeys_they_stand_on():
    rows = {"path": ["a > b > a", "b", "c"], "conversions": [2, 1, 0], "nulls": [5, 0, 4]}
    credit = attribute(rows, "linear", replicates=50)
    assert credit.evidence.tolist() == [[2, 7], [3, 8], [0, 4]]
    assert attribute(rows, "linear").evidence is None


@pytest.mark.parametrize("model", list(MODELS))
def test_value_has_an_interval_too_and_draws_are_kept_when_asked(model):
    credit = attribute(HAND, model, replicates=200, keep_draws=True)
    assert (credit.value_low <= credit.value_high).all()
    assert credit.draws.credit.shape == (len(credit.channels), 2, 200)
    assert attribute(HAND, model, replicates=200).draws is None
