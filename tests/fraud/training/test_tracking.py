"""MLflow follows the tenant's table: told once, aliases moved, made again when it was lost."""

import hashlib
import io
import uuid
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command

from fraud import tasks
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training import registry, run, tracking
from fraud.training.facts import REFUSED
from fraud.training.item import ModelItem
from kernel import clock
from ml.tracking.store import ARTEFACT, CARD
from tests.fraud.training.told import START, history, label

pytestmark = pytest.mark.slow
WHO = "a" * 32
FIGURES = {"average_precision": 0.91, "auc": 0.98, "parameter_eta": 0.12, "seconds": 4.0}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the store of this module's tests lies: making its tables takes seconds."""
    return tmp_path_factory.mktemp("mlflow")


@pytest.fixture(autouse=True)
def _stored(settings, folder, monkeypatch):
    """A store in which each test has names of its own."""
    settings.MLFLOW_TRACKING_URI = f"sqlite:///{folder / 'runs.db'}"
    settings.MLFLOW_ARTEFACTS = folder / "artefacts"
    monkeypatch.setattr(tracking, "AREA", uuid.uuid4().hex[:8])


def keep(word, *, later=0):
    """Register a model of the active tenant whose bytes are ``word``."""
    digest = hashlib.sha256(word.encode()).hexdigest()
    registry.register(
        word.encode(), digest=digest, family="trees", features_version=FEATURES_VERSION,
        figures=FIGURES, learned_from={"examples": 900, "fraud": 90},
        now=clock.now() + timedelta(seconds=later),
    )  # fmt: skip
    return digest


@pytest.fixture
def two(acme, as_tenant):
    """Acme's champion, and its challenger."""
    with as_tenant(acme):
        first = keep("first")
        registry.promote(first, why="First.", actor=WHO, now=clock.now())
        return acme, first, keep("second", later=1)


def run_of(digest):
    """What MLflow itself says of a model's run."""
    from mlflow.tracking import MlflowClient

    store = tracking.store()
    told = tracking.held().versions[digest]
    return MlflowClient(tracking_uri=store.uri).get_run(told.run)


def runs_of(tenant):
    """All runs of a tenant's experiment."""
    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=tracking.store().uri)
    experiment = client.get_experiment_by_name(f"{tracking.AREA}/{tenant.schema_name}")
    return client.search_runs([experiment.experiment_id])


def test_it_is_told_of_every_model_once(two, as_tenant):
    acme, first, second = two
    with as_tenant(acme):
        tracking.sync()
        told = tracking.held()
        tracking.sync()

        assert tracking.held() == told
        assert told.aliases == {"champion": first, "challenger": second}
        made = run_of(first)
        assert made.data.params == {"eta": "0.12"}
        assert made.data.metrics["auc"] == 0.98
        assert made.data.metrics["learned_from.examples"] == 900.0
        assert made.info.end_time - made.info.start_time == 4_000


def test_the_card_there_says_who_promoted_it(two, as_tenant):
    acme, first, _ = two
    with as_tenant(acme):
        tracking.sync()

        place = run_of(first).info.artifact_uri.removeprefix("file://")
        assert f"member {WHO[:12]}" in (Path(place) / CARD).read_text()


def test_aliases_follow_a_promotion_and_the_rules_alone(two, as_tenant):
    acme, _, second = two
    with as_tenant(acme):
        tracking.sync()
        registry.promote(second, why="Better.", actor=WHO, now=clock.now())
    tasks.track(schema=acme.schema_name)
    with as_tenant(acme):
        assert tracking.held().aliases == {"champion": second}
        registry.retire(why="Rules alone.", actor=WHO, now=clock.now())
    tasks.track_all()
    with as_tenant(acme):
        assert tracking.held().aliases == {}


def test_a_training_tells_of_what_there_is_however_it_ends(two, as_tenant):
    acme, first, second = two

    tasks.train(schema=acme.schema_name)

    with as_tenant(acme):
        assert tracking.held().aliases == {"champion": first, "challenger": second}


def test_a_store_that_was_lost_is_made_again(two, as_tenant, settings, tmp_path):
    acme, first, second = two
    with as_tenant(acme):
        tracking.sync()
        settings.MLFLOW_TRACKING_URI = f"sqlite:///{tmp_path / 'new.db'}"
        assert tracking.held().versions == {}

        tracking.sync()

        assert set(tracking.held().versions) == {first, second}
        assert tracking.held().aliases == {"champion": first, "challenger": second}


def test_what_failed_its_gate_is_told_with_why(acme, as_tenant):
    item = ModelItem(
        digest="cd" * 32, family="trees", state=REFUSED, features_version=FEATURES_VERSION,
        registered_at=clock.now(), promoted_at=None, figures=FIGURES,
        learned_from={"examples": 900, "fraud": 90},
    )  # fmt: skip
    with as_tenant(acme):
        tracking.refused(item, b"bytes", ["AUC 0.500 is below 0.7"])

        (told,) = runs_of(acme)
        assert told.data.tags["gate"] == "failed"
        assert told.data.tags["why"] == "AUC 0.500 is below 0.7"
        assert tracking.held().versions == {}


def test_a_training_without_sense_in_its_labels_is_told_as_failed(acme, as_tenant, monkeypatch):
    rng, number = np.random.default_rng(4), 900_000
    events = [each for each in history(400) if each.type != "fraud.labelled"]
    for each in [each for each in events if each.type == "conversion.recorded"]:
        number += 1
        at = (each.occurred_at - START).total_seconds() + 90_000
        events.append(label(number, each.id.int, at, fraud=bool(rng.random() < 0.3)))
    monkeypatch.setattr(run, "log", lambda *_: events)
    with as_tenant(acme):
        found = run.run(seed=1, trials=0, now=clock.now())

        assert "AUC" in found.failures[0]
        assert registry.models() == []
        (told,) = runs_of(acme)
        assert told.data.tags["why"] == "; ".join(found.failures)
        assert told.data.metrics["learned_from.examples"] == 400.0


def test_a_rival_has_nothing_of_acmes_there(two, rival, as_tenant):
    with as_tenant(two[0]):
        tracking.sync()
    with as_tenant(rival):
        tracking.sync()

        assert tracking.held().versions == {}


def test_trouble_of_mlflow_is_logged_and_nobody_elses(two, as_tenant, settings, caplog):
    settings.MLFLOW_TRACKING_URI = "sqlite:////proc/nowhere/runs.db"
    with as_tenant(two[0]):
        tracking.sync()

        assert tracking.held().versions == {}
    assert f"the models of {two[0].schema_name}" in caplog.text


def test_without_a_store_nothing_is_told(two, as_tenant, settings, caplog):
    settings.MLFLOW_TRACKING_URI = ""
    with as_tenant(two[0]):
        tracking.sync()

        assert tracking.held().versions == {}
    assert caplog.text == ""


def test_the_command_lists_models_with_their_runs(two, as_tenant, monkeypatch):
    acme, first, _ = two
    monkeypatch.setenv("COLUMNS", "200")
    with as_tenant(acme):
        tracking.sync()
        made = tracking.held().versions[first].run
    out = io.StringIO()

    call_command("models", tenant=acme.slug, stdout=out)

    (line,) = [each for each in out.getvalue().splitlines() if first[:8] in each]
    assert made in line
    assert "champion" in line
    assert "0.910" in line
    assert "900 (90 false)" in line


def test_the_command_says_what_is_missing(acme):
    out = io.StringIO()
    call_command("models", tenant=acme.slug, stdout=out)
    assert "There is no model yet." in out.getvalue()
    with pytest.raises(CommandError, match="no tenant"):
        call_command("models", tenant="nobody")


def test_a_model_is_told_with_its_bytes(two, as_tenant):
    acme, first, _ = two
    with as_tenant(acme):
        tracking.sync()

        place = run_of(first).info.artifact_uri.removeprefix("file://")
        assert (Path(place) / ARTEFACT).read_bytes() == b"first"
