"""What is deployed: a slim web image as an ordinary user, every process, secrets from files."""

import re
import tomllib
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
TRAINING = {
    "torch",
    "scikit-learn",
    "xgboost",
    "xgboost-cpu",
    "optuna",
    "mlflow",
    "mlflow-skinny",
    "sqlalchemy",
    "alembic",
    "prophet",
    "onnx",
}


def names(requirements):
    return {re.match(r"[\w-]+", each).group().lower() for each in requirements}


def stage(name):
    """The instructions of a stage of the Dockerfile."""
    return re.search(rf"AS {name}\n(.*?)(?=\nFROM |\Z)", DOCKERFILE, re.S).group(1)


def test_the_web_image_holds_no_training_library():
    assert names(PROJECT["optional-dependencies"]["web"]) & TRAINING == set()
    assert names(PROJECT["dependencies"]) & TRAINING == set()
    assert '".[web]"' in stage("packages-web")
    assert "packages-worker" not in stage("web")


def test_every_image_runs_as_an_ordinary_user():
    for name in ("web", "worker"):
        users = re.findall(r"^USER (\w+)", stage(name), re.M)
        assert users[-1] == "touchstone"


def test_every_process_of_the_product_is_a_service():
    started = " ".join(str(each.get("command", "")) for each in COMPOSE["services"].values())
    for word in (
        "bootstrap",
        "project",
        "watch",
        "celery",
        "'-B'",
        "ingest,project,report",
        "train",
    ):
        assert word in started


def test_no_secret_stands_in_the_file_and_nothing_may_gain_rights():
    for name, service in COMPOSE["services"].items():
        for key, value in service.get("environment", {}).items():
            assert not re.search(r"PASSWORD$|SECRET_KEY$|MASTER_KEY$", key), (name, key, value)
        if "build" in service:
            assert service["read_only"]
            assert service["cap_drop"] == ["ALL"]
            assert service["secrets"] == ["secret_key", "master_key", "database_url"]
