"""A tenant with a champion, and traffic like what that learned from, or other."""

import uuid
from types import SimpleNamespace

import numpy as np
import pytest

from alerts import planning
from fraud.drift import counting, reference, store
from fraud.features import FEATURES
from fraud.scoring import policy, serving
from fraud.scoring.decide import Policy, decide
from fraud.training import progress
from fraud.training.learn import learn
from fraud.training.train import train
from tests.fraud.drift.crowned import crown
from tests.fraud.training.told import history


@pytest.fixture(scope="session")
def trained():
    """A model with the examples it learned from, and later ones of the same kind."""
    learned = learn(history(900))
    return SimpleNamespace(
        examples=learned.examples, found=train(learned, seed=1, trials=0),
        later=learn(history(800, seed=8)).examples.matrix,
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """What a process remembers and counted, and what Redis keeps, goes with its test."""
    monkeypatch.setattr(store, "_NAME", uuid.uuid4().hex)
    monkeypatch.setattr(progress.TRAINING, "key", uuid.uuid4().hex)
    monkeypatch.setattr(planning, "_wake", lambda _: None)
    _forget()
    yield
    _forget()


def _forget():
    counting._held.take()
    counting._held.shared_at = float("-inf")
    reference._missing.clear()
    reference._loaded.cache_clear()
    serving._remembered.clear()
    policy._remembered.clear()


@pytest.fixture
def champion(acme, as_tenant, trained):
    """Acme with a champion; the tenant."""
    with as_tenant(acme):
        crown(trained)
    return acme


@pytest.fixture
def scored(trained):
    """Have the active tenant score and count rows of features at a moment."""

    def score(matrix, now, *, seconds=0.004):
        decisions = decide(matrix, Policy(on=True), model=trained.found.served, explain_all=False)
        counting.count(matrix, decisions, seconds=seconds, now=now)
        counting.share()

    return score


@pytest.fixture
def other(trained):
    """Traffic with other publishers' habits: every third feature is far above what it was."""
    matrix = trained.later.copy()
    places = [place for place in range(0, len(FEATURES), 3) if FEATURES.names[place] != "kind"]
    known = np.nan_to_num(matrix[:, places])
    matrix[:, places] = known + 3.0 * known.std(axis=0) + 1.0
    return matrix
