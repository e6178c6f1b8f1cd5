"""The deep model: what it learns, that it repeats itself, and that ONNX scores as torch does."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from attribution.credit import CreditError, Paths, attribute, held_out
from attribution.credit.deep import installed, sequences
from attribution.credit.models import deep as model

pytestmark = pytest.mark.skipif(not installed(), reason="torch is not installed: the deep extra")
CHANNELS = ("works", "idle", "rare")


def market(rows=3_000, seed=3):
    """Journeys of which a touch of the first channel makes half convert within days."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(1, 4, rows)
    tokens = rng.choice(3, lengths.sum(), p=[0.3, 0.5, 0.2]).astype(np.int32)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    works = np.add.reduceat(tokens == 0, offsets[:-1]) > 0
    chance = np.where(works, 0.5, 0.04)
    converted = rng.random(rows) < chance
    since = np.where(converted, np.where(works, rng.exponential(2, rows), 10), 20)
    gaps = np.concatenate([np.arange(size)[::-1] for size in lengths]) * 1.5
    return Paths(
        channels=CHANNELS,
        tokens=tokens,
        offsets=offsets,
        conversions=converted.astype(np.float64),
        value=np.where(converted, 10.0, 0.0),
        nulls=(~converted).astype(np.float64),
        ages=gaps + np.repeat(np.minimum(since, 25) + 0.01, lengths),
        began=rng.uniform(0, 90, rows),
    )


@pytest.fixture(scope="module")
def fitted():
    from attribution.credit.deep import training

    return training.fit(market(), seed=1)


def test_it_learns_what_works(fitted):
    paths = market()
    weights = sequences.incremental(paths, fitted.score, fitted.channels)
    earned = np.bincount(paths.tokens, weights * np.repeat(paths.conversions, paths.lengths))
    assert earned[0] > 5 * earned[1]
    assert (np.add.reduceat(weights, paths.offsets[:-1]) <= 1 + 1e-9).all()


def test_it_foretells_better_than_a_constant_rate(fitted):
    _, later = held_out.split(market())
    at = held_out.moments(later)
    seen = sequences.sequences(later, at.row, at.age, fitted.channels)
    mine = held_out.log_likelihood(sequences.scored(fitted.score, seen), at)
    constant = np.full(at.row.size, at.events.sum() / at.days.sum())
    assert mine > held_out.log_likelihood(constant, at) + 0.2


def test_it_is_the_same_whatever_the_rows_and_the_numbers_of_channels(fitted):
    from attribution.credit.deep import training

    paths = market()
    turned = paths.of(np.arange(paths.lengths.size)[::-1])
    other = replace(
        turned,
        channels=CHANNELS[::-1],
        tokens=(2 - turned.tokens).astype(np.int32),
    )
    again = training.fit(other, seed=1)
    for name, weight in fitted.network.state_dict().items():
        assert weight.numpy().tobytes() == again.network.state_dict()[name].numpy().tobytes()


def test_training_leaves_the_numbers_and_threads_of_others_alone():
    import torch

    from attribution.credit.deep import training

    torch.manual_seed(7)
    threads, expected = torch.get_num_threads(), torch.rand(3).tolist()
    torch.manual_seed(7)
    training.fit(market(200), seed=1, passes=1)
    assert torch.rand(3).tolist() == expected
    assert torch.get_num_threads() == threads


def test_a_moment_sees_what_came_before_it_latest_first():
    paths = Paths(
        channels=("a", "b"),
        tokens=np.array([0, 1, 0], dtype=np.int32),
        offsets=np.array([0, 3]),
        conversions=np.ones(1),
        value=np.zeros(1),
        nulls=np.zeros(1),
        ages=np.array([9.0, 4.0, 1.0]),
    )
    seen = sequences.sequences(paths, np.array([0, 0, 0]), np.array([0.0, 3.0, 10.0]), ("b", "a"))
    assert seen.sizes.tolist() == [3, 2, 0]
    assert seen.tokens[:, :3].tolist() == [[2, 1, 2], [1, 2, 0], [0, 0, 0]]
    assert seen.lags[:, :3].tolist() == [[1.0, 4.0, 9.0], [1.0, 6.0, 0.0], [0.0, 0.0, 0.0]]
    assert seen.at[:, :3].tolist() == [[2, 1, 0], [1, 0, -1], [-1, -1, -1]]


def test_a_channel_the_network_never_saw_moves_nothing(fitted):
    paths = market(50)
    strange = replace(paths, channels=("new", "newer", "newest"))
    assert not sequences.incremental(strange, fitted.score, fitted.channels).any()


def test_of_many_journeys_an_even_part_stands_for_all(monkeypatch):
    from attribution.credit.deep import training

    monkeypatch.setattr(training, "ENOUGH", 100)
    paths = market()
    fewer = training._thinned(paths)
    assert fewer.lengths.size <= 2 * 100
    assert fewer.total_conversions == pytest.approx(paths.total_conversions, rel=0.2)
    assert fewer.nulls.sum() == pytest.approx(paths.nulls.sum(), rel=0.2)


def test_without_torch_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("attribution.credit.deep.installed", lambda: False)
    with pytest.raises(CreditError, match=r"touchstone\[deep\]"):
        attribute(market(50), "deep")


@pytest.mark.parametrize("params", [{"training_seed": -1}, {"passes": 0}, {"passes": True}])
def test_it_refuses_parameters_that_mean_nothing(params):
    with pytest.raises(CreditError):
        attribute(market(50), "deep", **params)
    assert model.MODEL.refits < 40


@pytest.mark.slow
def test_onnx_scores_as_torch_does(fitted):
    from attribution.credit.deep import export
    from attribution.credit.deep.scoring import Scorer

    scorer = Scorer(export.to_onnx(fitted))
    assert scorer.channels == fitted.channels
    assert scorer.unit == fitted.unit
    rng = np.random.default_rng(5)
    for shape in ((64, 12), (1, 1), (7, 3)):
        tokens = rng.integers(0, 4, shape)
        lags = rng.exponential(8, shape).astype(np.float32)
        mine, theirs = scorer.score(tokens, lags), fitted.score(tokens, lags)
        assert np.abs(mine - theirs).max() <= 1e-5 * fitted.unit
    paths = market(400)
    np.testing.assert_allclose(
        scorer.incremental(paths),
        sequences.incremental(paths, fitted.score, fitted.channels),
        atol=1e-5,
    )
    at = held_out.moments(paths)
    seen = sequences.sequences(paths, at.row, at.age, fitted.channels)
    np.testing.assert_allclose(
        scorer.at_moments(paths, at), sequences.scored(fitted.score, seen), rtol=1e-5
    )


@pytest.mark.slow
def test_a_web_process_never_loads_torch():
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings';"
        "django.setup(); import config.asgi, config.urls, attribution.credit;"
        "from attribution.credit.deep import scoring;"
        "print(sorted({name.split('.')[0] for name in sys.modules} & {'torch', 'onnxscript'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
