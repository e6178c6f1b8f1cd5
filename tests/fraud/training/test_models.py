"""Models of a tenant: trained from its log, promoted, rolled back, taking part in scores."""

import csv
import io
import uuid
from datetime import timedelta

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from alerts.models import Alert
from eventlog import read
from eventlog.seal import sealer
from fraud import tasks
from fraud.models import Label, TrainedModel
from fraud.scoring import policy, serving
from fraud.scoring.decide import FEATURES_VERSION, Policy
from fraud.training import progress, registry, shadow, tracking
from fraud.training.learn import learn
from fraud.training.steps import Step
from fraud.training.train import train
from kernel import clock
from kernel.errors import InvalidInput, NotFound
from ml.training.versus import Versus
from tests.eventlog.events import settle
from tests.fraud.training.told import history
from tests.sending import post_events

PAGE = "/fraud/models/"
WHO = "a" * 32


@pytest.fixture(scope="module")
def made():
    """Two models of the same history."""
    learned = learn(history(900))
    return [train(learned, seed=seed, trials=0) for seed in (1, 2)]


@pytest.fixture(autouse=True)
def _forgetful(monkeypatch):
    """What a process remembers of models, and the cache of trainings, goes with its test."""
    monkeypatch.setattr(progress.TRAINING, "key", uuid.uuid4().hex)
    serving._remembered.clear()
    yield
    serving._remembered.clear()
    policy._remembered.clear()


def keep(found, *, now=None):
    registry.register(
        found.artefact, digest=found.served.version, family="trees",
        features_version=FEATURES_VERSION, figures=found.figures(),
        learned_from=found.learned_from, now=now or clock.now(),
    )  # fmt: skip
    return found.served.version


@pytest.fixture
def two(acme, as_tenant, made):
    """Acme's two models, the later one a challenger, the earlier retired."""
    with as_tenant(acme):
        return acme, keep(made[0]), keep(made[1], now=clock.now() + timedelta(seconds=1))


def test_a_challenger_judges_nothing(two, as_tenant):
    with as_tenant(two[0]):
        assert serving.champion() is None
        assert {each.digest: each.state for each in registry.models()} == {
            two[1]: "retired", two[2]: "challenger",
        }  # fmt: skip


def test_a_promoted_model_takes_part(two, as_tenant):
    acme, _, second = two
    with as_tenant(acme):
        registry.promote(second, why="Better.", actor=WHO, now=clock.now())

        assert serving.champion().version == second
        (event,) = read.latest(limit=1)
        assert event.type == "fraud.model_promoted"


def test_rolling_back_puts_the_champion_before_back(two, as_tenant):
    acme, first, second = two
    with as_tenant(acme):
        now = clock.now()
        registry.promote(first, why="First.", actor=WHO, now=now)
        registry.promote(second, why="Better.", actor=WHO, now=now + timedelta(seconds=1))
        assert registry.roll_back(actor=WHO, now=now + timedelta(seconds=2)) == first
        assert serving.champion().version == first

        registry.retire(why="Rules alone.", actor=WHO, now=now + timedelta(seconds=3))
        assert serving.champion() is None
        with pytest.raises(InvalidInput):
            registry.retire(why="Again.", actor=WHO, now=now)


def test_without_an_earlier_champion_there_is_nothing_to_go_back_to(two, as_tenant):
    with as_tenant(two[0]), pytest.raises(InvalidInput):
        registry.roll_back(actor=WHO, now=clock.now())


def test_a_rival_has_no_model_of_acmes(two, rival, as_tenant):
    with as_tenant(rival):
        assert registry.models() == []
        assert serving.model(two[2]) is None
        with pytest.raises(NotFound):
            registry.promote(two[2], why="Mine.", actor=WHO, now=clock.now())


def test_a_model_of_other_features_judges_nothing(two, as_tenant):
    with as_tenant(two[0]):
        registry.promote(two[2], why="Better.", actor=WHO, now=clock.now())
        TrainedModel.objects.update(features_version="other")
        serving.forget()

        assert serving.champion() is None


def test_a_model_that_can_not_be_read_leaves_the_rules_alone(two, as_tenant):
    with as_tenant(two[0]):
        registry.promote(two[2], why="Better.", actor=WHO, now=clock.now())
        TrainedModel.objects.filter(digest=two[2]).update(artefact=b"moon")
        serving._loaded.cache_clear()

        assert serving.champion() is None


def test_the_page_promotes_and_rolls_back(two, acme_owner_client):
    _, first, second = two
    for digest in (first, second):
        answer = acme_owner_client.post(f"{PAGE}promote/", {"model": digest}, follow=True)
        assert answer.context["champion"].digest == digest

    back = acme_owner_client.post(f"{PAGE}back/", follow=True)
    assert back.context["champion"].digest == first
    alone = acme_owner_client.post(f"{PAGE}back/", {"to": "rules"}, follow=True)
    assert alone.context["champion"] is None
    rows = list(
        csv.DictReader(acme_owner_client.get(f"{PAGE}?format=csv").content.decode().splitlines())
    )
    assert {row["model"] for row in rows} == {first, second}


def test_a_viewer_sees_models_but_no_buttons(two, acme_owner_client):
    page = acme_owner_client.get(PAGE).content.decode()

    assert page.count("Promote<") == 2
    assert "The rules alone. A challenger judges nothing" in page


def test_the_page_says_what_to_do_without_labels(acme_owner_client):
    assert "Nothing to learn from yet" in acme_owner_client.get(PAGE).content.decode()


def test_progress_is_shown_while_a_model_is_trained(acme, as_tenant, acme_owner_client):
    with as_tenant(acme):
        assert progress.begin()
        assert not progress.begin()
        progress.tell(Step.LOAD, "1,200 events read")
    page = acme_owner_client.get(PAGE).content.decode()
    assert "A model is being trained" in page
    assert "1,200 events read" in page

    with as_tenant(acme):
        progress.end("A challenger was registered.", failed=False)
    assert "The latest training" in acme_owner_client.get(PAGE).content.decode()


def test_progress_is_the_tenants_alone(acme, rival, as_tenant):
    with as_tenant(acme):
        progress.begin()
    with as_tenant(rival):
        assert progress.current() is None


def test_training_too_little_says_so(acme, as_tenant):
    with as_tenant(acme):
        progress.begin()
    tasks.train(schema=acme.schema_name, networks=False)
    with as_tenant(acme):
        held = progress.current()

    assert held["failed"]
    assert "Label more" in held["outcome"]


def test_only_who_scores_and_has_new_labels_is_trained(acme, rival, as_tenant, monkeypatch):
    asked = []
    monkeypatch.setattr(tasks.train, "delay", lambda **how: asked.append(how["schema"]))
    with as_tenant(acme):
        policy.put(Policy(on=True), actor=WHO, now=clock.now())
        Label.objects.create(
            event="0" * 31 + "1", actor=WHO, at=clock.now(), subject="", fraud=True
        )

    tasks.train_all()

    assert asked == [acme.schema_name]


def test_the_whole_way_from_a_log_to_scores(committed_tenant, committed_key, tmp_path, settings):
    """Events by the API, labels from a file, a training, a champion, and MLflow told of it."""
    settings.MLFLOW_TRACKING_URI = f"sqlite:///{tmp_path / 'runs.db'}"
    settings.MLFLOW_ARTEFACTS = tmp_path / "artefacts"
    rng, events, labels = np.random.default_rng(5), [], []
    start = clock.now() - timedelta(days=3)
    for number in range(600):
        who, false = f"person-{number}", bool(rng.random() < 0.4)
        at = start + timedelta(minutes=6 * number)
        took = float(rng.uniform(20, 60) if false else rng.lognormal(6.5, 0.5) + 80)
        touch = {"channel": "Display", "source": f"p{number % 3}"}
        events += [
            {"type": "ad.click", "id": f"{who}-c", "anonymous_id": who, "timestamp": at.isoformat(),
             "properties": {"touch": touch}},
            {"type": "conversion.recorded", "id": f"{who}-i", "anonymous_id": who,
             "timestamp": (at + timedelta(seconds=took)).isoformat(),
             "properties": {"conversion_type": "install"}},
        ]  # fmt: skip
        labels.append([f"{who}-i", int(false)])
    for low in range(0, len(events), 100):
        post_events(committed_key, *events[low : low + 100])
    settle()
    while sealer.seal(now=clock.now()):
        pass
    path = tmp_path / "labels.csv"
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([["event", "fraud"], *labels])
    out = io.StringIO()

    call_command("train", "fraud", tenant=committed_tenant.slug, labels=path, trials=1,
                 promote=True, stdout=out)  # fmt: skip

    assert "600 labels kept, 0 known before, 0 refused" in out.getvalue()
    assert "Registered as" in out.getvalue()
    assert serving.champion() is not None
    found = registry.models()[0]
    assert found.figures["average_precision"] > 0.9
    assert tracking.held().aliases == {"champion": found.digest}


def test_the_command_says_what_is_wrong(acme):
    with pytest.raises(CommandError, match="no tenant"):
        call_command("train", "fraud", tenant="nobody")
    with pytest.raises(CommandError, match="Label more"):
        call_command("train", "fraud", tenant=acme.slug)


def test_a_challenger_is_compared_on_what_came_since(
    two, as_tenant, monkeypatch, acme_owner_client
):
    acme, first, second = two
    with as_tenant(acme):
        registry.promote(first, why="First.", actor=WHO, now=clock.now())
        assert shadow.compare(now=clock.now()).found.n == 0
        TrainedModel.objects.filter(digest=second).update(
            registered_at=history(1)[0].occurred_at - timedelta(days=1)
        )
        monkeypatch.setattr(shadow, "log", lambda: history(300, seed=9))

        found = shadow.compare(now=clock.now())

    assert found is not None
    assert (found.champion, found.challenger) == (first, second)
    assert found.found.n == 300
    assert found.promoted == found.found.better
    page = acme_owner_client.get(PAGE).content.decode()
    assert ("On 300 labelled events since it was trained" in page) is not found.promoted


def test_a_better_challenger_takes_the_place_and_somebody_hears_of_it(two, as_tenant, monkeypatch):
    acme, first, second = two
    better = Versus(
        n=900, positives=90, champion=0.5, challenger=0.8, difference=0.3, interval=(0.1, 0.5),
        better=True,
    )  # fmt: skip
    monkeypatch.setattr(shadow, "versus", lambda *_, **__: better)
    monkeypatch.setattr(shadow, "log", lambda: history(5, seed=9))
    with as_tenant(acme):
        registry.promote(first, why="First.", actor=WHO, now=clock.now())

        found = shadow.compare(now=clock.now())

        assert found.promoted
        assert serving.champion().version == second
        alert = Alert.objects.get(kind="fraud.model")
        assert "0.800 instead of 0.500 on 900 events" in alert.text
