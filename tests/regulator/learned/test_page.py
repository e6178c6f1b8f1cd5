"""The page of learned detectors: what judges and why, what is learned, and going back."""

from datetime import timedelta

import pytest

from kernel import clock
from regulator import tasks_learned
from regulator.learned import progress, registry
from regulator.learned.steps import Step
from regulator.models import LearnedModel
from tests.regulator.told import ask

FIGURES = {"average_precision": 0.812, "chance": 0.05, "quarters": 2.5, "false_alarms": 3.0,
           "found_reordered": 0.64, "found_events_lost": 0.91}  # fmt: skip
COMPARED = {"components": 0.33, "network": 0.76, "difference": 0.43, "low": 0.21, "high": 0.6}


def learn(letter, *, back=0, state="champion"):
    """Detectors that were learned so many days ago."""
    at = clock.now() - timedelta(days=back)
    return LearnedModel.objects.create(
        digest=letter * 64, family="market-hours", state=state, registered_at=at, promoted_at=at,
        artefact=b"", figures=FIGURES,
        ways={"lucky": {"way": "network", **COMPARED}, "other": {"way": "components"}},
        learned_from={"hours": 4_000, "operators": 2, "learned_hours": 2_000, "tried_hours": 900},
    )  # fmt: skip


@pytest.fixture
def woken(monkeypatch):
    """What the worker was asked for: there is none in a test."""
    asked = []
    monkeypatch.setattr(tasks_learned.train, "apply_async", lambda **how: asked.append(how))
    return asked


def text(owner, authority, path="/detectors/"):
    return ask(owner, authority, path).content.decode()


def test_without_any_it_says_what_it_takes(owner, authority):
    page = text(owner, authority)
    assert "Nothing learned yet" in page
    assert "22 weeks" in page


def test_it_says_who_judges_whom_and_why(owner, authority):
    learn("a")
    page = text(owner, authority)
    assert "1 of 2" in page
    assert page.index("Lucky") < page.index("Other")
    assert "0.210 to 0.600" in page
    assert "too few trials" in page
    assert "Hours in another order" in page
    table = text(owner, authority, "/detectors/?format=csv")
    assert "lucky,network,0.33,0.76,0.43,0.21,0.6" in table


def test_the_card_is_a_file_and_of_no_model_there_is_none(owner, authority):
    learn("a")
    answer = ask(owner, authority, f"/detectors/{'a' * 64}/card/")
    assert answer.headers["Content-Type"].startswith("text/markdown")
    assert "Who judges the course of a day" in answer.content.decode()
    assert ask(owner, authority, f"/detectors/{'b' * 64}/card/").status_code == 404


def test_learning_is_asked_for_once_at_a_time_and_followed(owner, authority, woken):
    ask(owner, authority, "/detectors/train/", {})
    ask(owner, authority, "/detectors/train/", {})
    (asked,) = woken
    assert asked["kwargs"]["schema"] == authority.schema_name
    progress.tell(Step.LOAD, "4,000 hours of 2 operators")
    page = text(owner, authority)
    assert "Step 2 of" in page
    assert "4,000 hours of 2 operators" in page
    progress.end("The training broke off; the worker's log says why.", failed=True)
    assert "broke off" in text(owner, authority)


def test_a_training_without_history_says_so(authority):
    tasks_learned.train(schema=authority.schema_name)
    held = progress.current()
    assert held["ended"]
    assert held["failed"]


def test_those_before_can_be_put_back(owner, authority):
    learn("a", back=7, state="retired")
    learn("b")
    assert "Roll back" in text(owner, authority)
    ask(owner, authority, "/detectors/back/", {})
    assert [each.digest[0] for each in registry.models()] == ["a", "b"]
