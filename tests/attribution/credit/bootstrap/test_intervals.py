"""Intervals: wide as Poisson counts, repeatable, and every sample what the model gives on it."""

from dataclasses import replace

import numpy as np
import pytest

from attribution.credit import MODELS, CreditError, attribute, parse
from attribution.credit.bootstrap import chains, sampler
from attribution.credit.bootstrap.poisson import fill
from attribution.credit.bootstrap.sampler import NULLS
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
    paths = sampled.paths
    counts, nulls = np.empty((paths.nulls.size, 60)), np.empty((paths.nulls.size, 60))
    for row, key in enumerate(sampled.keys):
        counts[row] = nulls[row] = 0.0
        if paths.conversions[row]:
            fill(key, paths.conversions[row], 0, sampled.tables, counts[row])
        if paths.nulls[row]:
            other = key ^ NULLS
            fill(other, paths.nulls[row], 0, sampled.tables, nulls[row])
    for order in (1, 2, 3):
        credit, removal = chains.credit(sampled, order)
        for replicate in (0, 17, 59):
            each = np.divide(
                paths.value, paths.conversions, out=np.zeros(paths.value.size),
                where=paths.conversions > 0,
            )  # fmt: skip
            one = replace(
                paths,
                conversions=counts[:, replicate].copy(),
                nulls=nulls[:, replicate].copy(),
                value=each * counts[:, replicate],
            )
            expected = attribute(one, "markov", order=order)
            np.testing.assert_allclose(credit[:, 0, replicate], expected.conversions, atol=1e-9)
            np.testing.assert_allclose(removal[:, 0, replicate], expected.removal_effect, atol=1e-9)


@pytest.mark.parametrize("model", list(MODELS))
def test_value_has_an_interval_too_and_draws_are_kept_when_asked(model):
    credit = attribute(HAND, model, replicates=200, keep_draws=True)
    assert (credit.value_low <= credit.value_high).all()
    assert credit.draws.credit.shape == (len(credit.channels), 2, 200)
    assert attribute(HAND, model, replicates=200).draws is None
