"""The fitted hazard against markets whose effects are known."""

from dataclasses import replace

import numpy as np
import pytest

from attribution.credit import CreditError, parse
from attribution.credit.hazard import fit, incremental_weights
from attribution.credit.paths import Paths
from tests.attribution.credit.journeys import HAND

BETA = np.array([0.30, 0.10, 0.20])
OMEGA = np.array([1 / 2, 1 / 5, 1 / 10])
MU = 0.004


def market(people, seed, observed=40.0):
    """Journeys of one conversion at most, drawn from the hazard itself; the rest are censored."""
    rng = np.random.default_rng(seed)
    tokens, ages, lengths, converted = [], [], [], []
    for _ in range(people):
        at = np.sort(rng.uniform(0, 10, rng.integers(1, 5)))
        channel = rng.integers(0, 3, at.size)
        first = rng.exponential(1 / MU) + at[0]
        for moment, each in zip(at, channel, strict=True):
            if rng.random() < 1 - np.exp(-BETA[each]):
                # The first of a Poisson number of conversions of this touch.
                left = -np.log(1 - rng.random() * (1 - np.exp(-BETA[each]))) / BETA[each]
                first = min(first, moment - np.log(1 - left) / OMEGA[each])
        end = min(first, observed)
        seen = at < end
        tokens += channel[seen].tolist()
        ages += (end - at[seen]).tolist()
        lengths.append(int(seen.sum()))
        converted.append(first < observed)
    won = np.array(converted, dtype=np.float64)
    return Paths(
        channels=("quick", "middling", "slow"),
        tokens=np.array(tokens, dtype=np.int32),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        conversions=won,
        value=won * 10,
        nulls=1 - won,
        ages=np.array(ages),
    )


def test_it_recovers_planted_effects_and_decay_rates():
    found = fit(market(20_000, seed=3), iterations=200)
    np.testing.assert_allclose(found.beta, BETA, rtol=0.12)
    np.testing.assert_allclose(1 / found.omega, 1 / OMEGA, rtol=0.2)
    assert found.mu == pytest.approx(MU, rel=0.25)


def test_every_iteration_raises_the_likelihood():
    likelihood = fit(market(2_000, seed=4), iterations=50).likelihood
    assert (np.diff(likelihood) >= -1e-7 * np.abs(likelihood[:-1])).all()


def test_time_without_a_conversion_counts_against_a_channel():
    paths = market(3_000, seed=5)
    short = replace(paths, nulls=np.zeros_like(paths.nulls))
    assert fit(short).beta.sum() > 2 * fit(paths).beta.sum()


def test_people_about_to_buy_come_back_without_having_been_caused_to():
    paths = market(6_000, seed=6)
    rng = np.random.default_rng(7)
    # A third of the buyers come back by a fourth channel, some hours before; and people who never
    # buy look in by it as well, which does nothing.
    back = np.flatnonzero(paths.conversions)[::3]
    idle = np.flatnonzero(paths.nulls)[::2]
    rows = np.concatenate([back, idle])
    ages = np.concatenate([rng.exponential(3 / 24, back.size), rng.uniform(25, 29, idle.size)])
    lengths = paths.lengths.copy()
    lengths[rows] += 1
    seen = replace(
        paths,
        channels=(*paths.channels, "Direct"),
        tokens=np.insert(paths.tokens, paths.offsets[rows + 1], 3),
        ages=np.insert(paths.ages, paths.offsets[rows + 1], ages),
        offsets=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
    )
    plain = fit(seen)
    knowing = fit(seen, navigational=("direct",))
    direct = seen.tokens == 3
    assert incremental_weights(seen, plain)[direct].sum() > 0.5 * back.size
    assert incremental_weights(seen, knowing)[direct].sum() < 0.1 * back.size
    np.testing.assert_allclose(knowing.beta[:3], fit(paths).beta, rtol=0.1)


def test_what_touches_caused_is_never_more_than_the_conversion():
    paths = parse(HAND)
    weights = incremental_weights(paths, fit(paths))
    assert (weights >= 0).all()
    assert (np.add.reduceat(weights, paths.offsets[:-1]) <= 1 + 1e-12).all()


def test_it_does_without_journeys_and_refuses_no_iterations():
    nothing = parse({"path": [], "conversions": []})
    assert fit(nothing).mu == 0.0
    with pytest.raises(CreditError):
        fit(nothing, iterations=0)
