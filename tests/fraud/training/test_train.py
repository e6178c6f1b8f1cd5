"""Training in named steps, from a history to a model that may judge."""

import numpy as np
import pytest

from fraud.features import FEATURES
from fraud.scoring.decide import Policy, again, decide
from fraud.training.learn import learn
from fraud.training.steps import Step
from fraud.training.train import train
from ml.training.examples import ExamplesUnusable
from ml.training.gate import Gate
from tests.fraud.training.told import click, history, label


@pytest.fixture(scope="module")
def trained():
    heard = []
    found = train(learn(history(1_200)), seed=1, trials=2, told=lambda *each: heard.append(each))
    return found, heard


def test_it_goes_through_the_steps_in_their_order(trained):
    steps = list(dict.fromkeys(step for step, _ in trained[1]))

    assert steps == [Step.SPLIT, Step.FIT, Step.EVALUATE, Step.GATE, Step.EXPORT, Step.PARITY]


def test_it_finds_what_was_labelled(trained):
    found, _ = trained

    assert found.failures == ()
    assert found.judged.average_precision > 0.95
    assert found.parity <= 1e-5
    assert found.learned_from["fraud"] > 300


def test_a_model_that_falls_short_says_of_what():
    found = train(learn(history(seed=2)), seed=1, trials=0, gate=Gate(auc=1.1))

    assert "AUC" in found.failures[0]


def test_too_few_labels_are_said():
    with pytest.raises(ExamplesUnusable):
        train(learn([click(1, 0), label(2, 1, 60)]), seed=1)


def row(**known):
    return np.array([[known.get(name, np.nan) for name in FEATURES.names]])


def test_a_decision_with_a_model_is_made_again_to_the_bit(trained):
    forest, policy = trained[0].served, Policy(on=True)
    matrix = row(kind=4.0, ctit=1.2, subject_clicks=1.0)

    (made,) = decide(matrix, policy, model=forest)

    record = made.record("e" * 32, "conversion.recorded", policy)
    assert again(record, forest).record("e" * 32, "conversion.recorded", policy) == record
    assert record.model == forest.version


def test_the_score_is_of_whoever_has_more_against_the_event(trained):
    forest, policy = trained[0].served, Policy(on=True)
    matrix = row(kind=4.0, webdriver=1.0)

    (alone,), (both,) = decide(matrix, policy), decide(matrix, policy, model=forest)

    assert both.score >= alone.score == 95
    assert both.probability == forest.probabilities(matrix)[0]


def test_contributions_say_what_moved_the_model_in_words(trained):
    (made,) = decide(row(kind=4.0, ctit=1.2), Policy(on=True), model=trained[0].served)

    texts = [each["text"] for each in made.document()["contributions"]]

    assert any("1.2 s" in text and "honest events mostly" in text for text in texts)
    assert [abs(each.added) for each in made.contributions] == sorted(
        (abs(each.added) for each in made.contributions), reverse=True
    )
