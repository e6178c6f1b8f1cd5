"""A fit's own uncertainty belongs into the interval, and nothing else does."""

import numpy as np
import pandas as pd
import pytest

from attribution.credit import MODELS, attribute, parse, touch_weights
from attribution.credit.attribute import draw, widening
from attribution.credit.bootstrap import Draws, additive, refits, sampler
from attribution.credit.models import scaled
from attribution.credit.models.base import weighted
from tests.attribution.credit.journeys import HAND

FITTED = [name for name, model in MODELS.items() if model.fitted]


def market(journeys=3_000, seed=3):
    rng = np.random.default_rng(seed)
    paths = [" > ".join(rng.choice(list("abcde"), rng.geometric(0.4))) for _ in range(journeys)]
    adds = dict(zip("abcde", (0.3, 0.2, 0.15, 0.1, 0.1), strict=True))
    chance = [1 - np.prod([1 - adds[name] for name in set(path.split(" > "))]) for path in paths]
    won = (rng.random(journeys) < chance).astype(float)
    return pd.DataFrame(
        {"path": paths, "conversions": won, "nulls": 1 - won, "value": won * rng.gamma(2, 30)}
    )


def test_a_sample_holds_the_journeys_that_the_sums_add_up():
    drawn = sampler(parse(market()), 60, 5)
    weights = touch_weights("linear", drawn.paths)
    sums = additive.credit(drawn, weights)
    for number in (0, 7, 59):
        one = weighted(refits.sampled(drawn, number), weights).credit
        np.testing.assert_allclose(one, sums[:, :, number], rtol=1e-11)


def test_a_model_without_a_fit_keeps_its_samples():
    drawn = sampler(parse(HAND), 100, 5)
    weights = touch_weights("linear", drawn.paths)
    draws = Draws(credit=additive.credit(drawn, weights))
    found = refits.widened(
        draws,
        drawn,
        lambda samples: additive.credit(samples, weights),
        lambda paths: weighted(paths, weights).credit,
        40,
    )
    np.testing.assert_allclose(found.credit, draws.credit, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("model", FITTED)
def test_a_fitted_model_is_less_sure_than_under_its_weights(model):
    paths = parse(market())
    drawn = sampler(paths, 80, 5)
    chosen = MODELS[model]
    params = chosen.settled({})
    fixed = scaled.samples(drawn, chosen.caused(drawn.paths, params))
    spread = draw(drawn, chosen, params).credit.std(axis=2) / fixed.std(axis=2)
    assert np.median(spread[:, 0]) > 1.05
    assert np.isfinite(spread).all()


def test_a_part_of_many_journeys_tells_as_much(monkeypatch):
    paths = parse(market(20_000))
    whole = widening(paths, "data-driven", seed=1)
    monkeypatch.setattr(refits, "ENOUGH", 10_000)
    part = widening(paths, "data-driven", seed=1)
    assert not np.array_equal(whole, part)
    np.testing.assert_allclose(part[:, 0], whole[:, 0], rtol=0.45)
    assert widening(paths, "linear", seed=1).tolist() == [[1.0, 1.0]] * len(paths.channels)


@pytest.mark.parametrize("model", FITTED)
def test_one_sample_alone_says_nothing_of_a_fit(model):
    assert attribute(HAND, model, replicates=1).conversions_low is not None
