"""To first order is near enough: samples of large chains against samples solved one by one."""

from dataclasses import replace

import numpy as np
import pytest

from attribution.credit import attribute, parse, transition_counts
from attribution.credit.bootstrap import chains, influence, sampler
from attribution.credit.chain import DENSE, chain_of


def sampled(journeys=20_000, channels=12, replicates=200):
    rng = np.random.default_rng(4)
    share = rng.dirichlet(np.ones(channels))
    paths = [
        " > ".join(f"c{at}" for at in rng.choice(channels, rng.geometric(0.35), p=share))
        for _ in range(journeys)
    ]
    won = (rng.random(journeys) < 0.25).astype(float)
    rows = {"path": paths, "conversions": won, "nulls": 1 - won, "value": won * 40.0}
    paths = parse(rows)
    spread = paths.conversions * 2_500.0
    return sampler(replace(paths, value_squares=spread), replicates, 3)


@pytest.mark.parametrize("order", [2, 3])
def test_its_samples_move_as_those_solved_one_by_one(order):
    drawn = sampled()
    counts = transition_counts(drawn.paths, order)
    near, totals = influence.removal_of_samples(drawn, counts)
    exact, exact_totals = chains._solved(drawn, counts)
    np.testing.assert_allclose(totals, exact_totals, rtol=1e-12)
    for kind in range(2):
        for one, two in zip(near[:, kind], exact[:, kind], strict=True):
            assert one.std() == pytest.approx(two.std(), rel=0.05)
            assert np.corrcoef(one, two)[0, 1] > 0.98


def test_its_mean_is_the_estimate():
    drawn = sampled(replicates=4_000)
    credit, removal = chains.credit(drawn, 3)
    point = attribute(drawn.paths, "markov", order=3)
    error = credit[:, 0].std(axis=1) / np.sqrt(4_000)
    assert (np.abs(credit[:, 0].mean(axis=1) - point.conversions) < 6 * error + 0.02).all()
    assert ((removal >= 0) & (removal <= 1)).all()


def test_a_channel_that_never_converts_has_none_in_any_sample():
    drawn = sampled(journeys=5_000)
    paths = drawn.paths
    lost = {"path": ["z", "z > c1", "c1 > z"], "conversions": [0] * 3, "nulls": [4, 2, 1]}
    rows = {
        "path": [
            " > ".join(paths.channels[at] for at in paths.tokens[begin:end])
            for begin, end in zip(paths.offsets[:-1], paths.offsets[1:], strict=True)
        ],
        "conversions": paths.conversions.tolist(),
        "nulls": paths.nulls.tolist(),
    }
    both = parse({name: [*lost[name], *rows[name]] for name in rows})
    counts = transition_counts(both, 3)
    assert chain_of(counts).last.size > DENSE
    found, _ = influence.removal_of_samples(sampler(both, 50, 1), counts)
    assert (found[both.channels.index("z")] == 0).all()
