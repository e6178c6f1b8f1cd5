"""To first order is near enough: samples of long memories against samples solved one by one."""

from dataclasses import replace

import numpy as np
import pytest

from attribution.credit import attribute, parse, transition_counts
from attribution.credit.bootstrap import chains, influence, refits, sampler


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


@pytest.mark.parametrize(
    ("journeys", "channels", "order"), [(100, 5, 2), (1_000, 5, 3), (20_000, 12, 2)]
)
def test_its_samples_move_as_those_solved_one_by_one(journeys, channels, order):
    drawn = sampled(journeys, channels)
    near, totals = influence.removal_of_samples(drawn, transition_counts(drawn.paths, order))
    solved = [
        attribute(refits.sampled(drawn, number), "markov", order=order) for number in range(150)
    ]
    np.testing.assert_allclose(totals[0, :150], [one.total_conversions for one in solved])
    np.testing.assert_allclose(totals[1, :150], [one.total_value for one in solved])
    for kind, name in enumerate(("removal_effect", "removal_effect_value")):
        exact = np.stack([getattr(one, name) for one in solved], axis=1)
        for one, two in zip(near[:, kind, :150], exact, strict=True):
            assert one.std() == pytest.approx(two.std(), rel=0.05)
            assert np.corrcoef(one, two)[0, 1] > 0.95


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
    found, _ = influence.removal_of_samples(sampler(both, 50, 1), counts)
    assert (found[both.channels.index("z")] == 0).all()
