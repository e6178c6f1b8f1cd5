"""Runs, versions and aliases in a real MLflow store: one, with a new tenant for each test."""

import subprocess
import sys
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ml.tracking import Held, Run, Tracking
from ml.tracking.store import ARTEFACT, CARD

pytestmark = pytest.mark.slow
ENDED = datetime(2026, 11, 2, 10, tzinfo=UTC)


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    return Tracking(
        uri=f"sqlite:///{folder / 'deep' / 'runs.db'}", artefacts=folder / "kept", area="fraud"
    )


@pytest.fixture
def run():
    """A training of a tenant that no other test has."""
    return Run(
        schema=f"t_{uuid.uuid4().hex[:8]}", family="trees", digest="ab" * 32, ended=ENDED,
        seconds=12.5, parameters={"eta": 0.12, "max_depth": 5},
        figures={"auc": 0.97, "unknown": float("nan")}, tags={"features_version": "v1"},
        artefact=b"bytes", card="# Model",
    )  # fmt: skip


def kept(store, made):
    """What MLflow itself says of a run."""
    from mlflow.tracking import MlflowClient

    return MlflowClient(tracking_uri=store.uri).get_run(made)


def test_it_keeps_what_a_training_was_given_and_found(store, run):
    found = kept(store, store.record(run))

    assert found.data.params == {"eta": "0.12", "max_depth": "5"}
    assert found.data.metrics == {"auc": 0.97}
    assert found.data.tags.items() >= {"gate": "passed", "features_version": "v1"}.items()
    assert found.info.end_time - found.info.start_time == 12_500
    assert found.info.end_time == ENDED.timestamp() * 1_000
    folder = Path(found.info.artifact_uri.removeprefix("file://"))
    assert (folder / ARTEFACT).read_bytes() == b"bytes"
    assert (folder / CARD).read_text() == "# Model"
    assert folder.is_relative_to(store.artefacts / "fraud" / run.schema)


def test_telling_again_changes_nothing(store, run):
    made = store.record(run)

    assert store.record(run) == made
    (version,) = store.held(run.schema).versions.values()
    assert (version.number, version.run) == ("1", made)


def test_what_failed_its_gate_is_a_run_with_why_and_no_version(store, run):
    found = kept(store, store.record(replace(run, refused="AUC 0.500 is below 0.7")))

    assert found.data.tags["gate"] == "failed"
    assert found.data.tags["why"] == "AUC 0.500 is below 0.7"
    assert store.held(run.schema) == Held()


def test_an_alias_moves_and_goes(store, run):
    later = replace(run, digest="cd" * 32, ended=ENDED + timedelta(days=1))
    for each in (run, later):
        store.record(each)

    for digest in (run.digest, later.digest):
        store.alias(run.schema, digest, "champion")
        assert store.held(run.schema).aliases == {"champion": digest}
    store.unalias(run.schema, "champion")

    assert store.held(run.schema).aliases == {}


def test_tenants_share_neither_experiment_nor_model(store, run):
    rival = replace(run, schema=f"{run.schema}_rival")

    mine, theirs = (kept(store, store.record(each)) for each in (run, rival))

    assert mine.info.experiment_id != theirs.info.experiment_id
    assert store.held(run.schema).versions[run.digest].run == mine.info.run_id
    assert store.held(rival.schema).versions[run.digest].run == theirs.info.run_id


def test_a_telling_that_broke_off_is_begun_anew(store, run):
    from mlflow.tracking import MlflowClient

    made = store.record(run)
    client = MlflowClient(tracking_uri=store.uri)
    client.update_run(made, status="RUNNING")

    again = store.record(run)

    assert again != made
    assert kept(store, made).info.lifecycle_stage == "deleted"


def test_a_web_process_never_loads_mlflow():
    heavy = {"mlflow", "sqlalchemy", "alembic", "sklearn", "xgboost", "optuna"}
    code = (
        "import os, sys, django; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings';"
        "django.setup(); import config.asgi, config.urls, fraud.tasks, fraud.training.tracking;"
        f"print(sorted({{name.split('.')[0] for name in sys.modules}} & {heavy!r}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "[]"
