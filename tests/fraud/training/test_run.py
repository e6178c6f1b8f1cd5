"""What a training holds its model to before it is registered, and what it keeps of it."""

from dataclasses import replace

import numpy as np
import pytest

from fraud.contracts import EventFraud
from fraud.features import FEATURES
from fraud.rules import VERSION
from fraud.training.facts import described
from fraud.training.learn import learn
from fraud.training.registry import CHALLENGER
from fraud.training.run import checked, outcome
from fraud.training.steps import Step
from fraud.training.train import train
from ml.training.gate import Gate
from ml.trees import Forest
from tests.fraud.training.told import START, history


@pytest.fixture(scope="module")
def learned():
    return learn(history(900))


@pytest.fixture(scope="module")
def found(learned):
    return train(learned, seed=1, trials=0)


class Certain(Forest):
    """A forest whose probabilities are none."""

    def probabilities(self, matrix):
        return super().probabilities(matrix) + 1.0


def test_a_model_that_is_fine_passes_its_checks(found, learned):
    assert checked(found, learned) is found


def test_a_model_that_fails_a_check_is_not_registered_and_says_why(found, learned):
    heard = []
    broken = replace(found, served=Certain(found.artefact))

    made = checked(broken, learned, lambda *each: heard.append(each))

    assert "probabilities: 256 of 256 answers are no probabilities" in made.failures
    assert outcome(made).startswith("Not registered: probabilities")
    assert heard[0][0] is Step.PARITY


def test_what_is_kept_says_what_moves_the_model_and_what_it_learned_from(found, learned):
    kinds = ("bot", *learned.kinds[1:])

    item = described(
        found, replace(learned, kinds=kinds), state=CHALLENGER, gate=Gate(), trials=0,
        seconds=3.0, now=START,
    )  # fmt: skip

    shares = {name.removeprefix("weight_"): value for name, value in item.figures.items()
              if name.startswith("weight_")}  # fmt: skip
    assert max(shares, key=shares.get) == "ctit"
    assert set(shares) <= set(FEATURES.names)
    assert 0.0 < sum(shares.values()) <= 1.0
    assert item.figures["auc_low"] <= item.figures["auc"] <= item.figures["auc_high"]
    assert item.figures["gate_auc"] == 0.7
    assert item.learned_from[f"kind_{EventFraud.BOT}"] == 1
    assert item.learned_from["rules"] == VERSION
    assert START.timestamp() <= item.learned_from["first_at"] < item.learned_from["last_at"]
    assert all(np.isfinite(list(item.figures.values())))
