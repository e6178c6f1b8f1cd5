"""MLflow's client behind four verbs: record, held, alias, unalias."""

import logging
import os
import tempfile
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ml.tracking.run import Held, Run, Version

ARTEFACT, CARD = "model.bin", "card.md"
_FILE = "sqlite:///"
_QUIET = {
    "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true",
    "MLFLOW_CONFIGURE_LOGGING": "false", "GIT_PYTHON_REFRESH": "quiet",
}  # fmt: skip
_MISSING = "RESOURCE_DOES_NOT_EXIST"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """The store at ``uri``: a database (``sqlite:///FILE``) or an MLflow server (``http://``).

    Artefacts beside a database lie in the folder ``artefacts``; a server has a place of its own.
    Each tenant has an experiment ``area``/schema and a registered model ``area``-schema: none is
    shared. Telling something again changes nothing; callers tell of a tenant one at a time.
    """

    uri: str
    artefacts: Path
    area: str

    def record(self, run: Run) -> str:
        """Tell of a training; the run's id."""
        client, experiment = _client(self.uri), self._experiment(run.schema)
        made = _complete(client, experiment, run) or _recorded(client, experiment, run)
        if not run.refused and run.digest not in self.held(run.schema).versions:
            self._version(client, run, made)
        return made

    def held(self, schema: str) -> Held:
        """What is known of a tenant's models."""
        client, name = _client(self.uri), self._model(schema)
        model = _or_none(client.get_registered_model, name)
        if model is None:
            return Held()
        digests, versions = {}, {}
        for each in _versions(client, name):
            digest = each.tags.get("digest", "")
            digests[str(each.version)] = digest
            versions[digest] = Version(number=str(each.version), run=each.run_id)
        aliases = {alias: digests[str(number)] for alias, number in model.aliases.items()
                   if str(number) in digests}  # fmt: skip
        return Held(versions=versions, aliases=aliases)

    def alias(self, schema: str, digest: str, alias: str) -> None:
        """Have ``alias`` stand for the version with these bytes, which is held."""
        version = self.held(schema).versions[digest].number
        _client(self.uri).set_registered_model_alias(self._model(schema), alias, version)

    def unalias(self, schema: str, alias: str) -> None:
        """Have ``alias`` stand for nothing."""
        _client(self.uri).delete_registered_model_alias(self._model(schema), alias)

    def _model(self, schema: str) -> str:
        return f"{self.area}-{schema}"

    def _experiment(self, schema: str) -> str:
        """The id of the tenant's experiment, which is made where there is none."""
        client, name = _client(self.uri), f"{self.area}/{schema}"
        found = client.get_experiment_by_name(name)
        if found is None:
            place = (self.artefacts / self.area / schema).absolute().as_uri()
            own = self.uri.startswith(("http://", "https://"))
            return str(client.create_experiment(name, artifact_location=None if own else place))
        if found.lifecycle_stage == "deleted":
            client.restore_experiment(found.experiment_id)
        return str(found.experiment_id)

    def _version(self, client: Any, run: Run, made: str) -> None:
        name = self._model(run.schema)
        if _or_none(client.get_registered_model, name) is None:
            client.create_registered_model(name)
        source = client.get_run(made).info.artifact_uri
        client.create_model_version(name, source, made, tags=run.labels())


def _complete(client: Any, experiment: str, run: Run) -> str | None:
    """The run that was told of before; one whose telling broke off is taken away."""
    told = client.search_runs(
        [experiment], f"tags.digest = '{run.digest}' and tags.gate = '{run.gate}'"
    )
    for each in told:
        if each.info.status == "FINISHED":
            return str(each.info.run_id)
        client.delete_run(each.info.run_id)
    return None


def _recorded(client: Any, experiment: str, run: Run) -> str:
    from mlflow.entities import Metric, Param

    ended = round(run.ended.timestamp() * 1_000)
    made = str(
        client.create_run(
            experiment, start_time=ended - round(run.seconds * 1_000), tags=run.labels(),
            run_name=f"{run.family} {run.digest[:8]}",
        ).info.run_id
    )  # fmt: skip
    client.log_batch(
        made,
        metrics=[Metric(name, value, ended, 0) for name, value in run.finite().items()],
        params=[Param(name, f"{value:g}") for name, value in run.parameters.items()],
    )
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / ARTEFACT).write_bytes(run.artefact)
        (Path(folder) / CARD).write_text(run.card)
        client.log_artifacts(made, folder)
    client.set_terminated(made, "FINISHED", ended)
    return made


def _versions(client: Any, name: str) -> Iterator[Any]:
    """All versions, from page to page."""
    token: str | None = None
    while True:
        page = client.search_model_versions(f"name='{name}'", page_token=token)
        yield from page
        token = page.token
        if not token:
            return


def _or_none(read: Any, name: str) -> Any:
    """What ``read`` finds under a name; ``None`` where there is nothing."""
    from mlflow.exceptions import MlflowException

    try:
        return read(name)
    except MlflowException as error:
        if error.error_code == _MISSING:
            return None
        raise


@lru_cache(maxsize=4)
def _client(uri: str) -> Any:
    """MLflow's client, made once in a process: the first of a new store makes its tables.

    Nothing is sent anywhere but to the store, and what MLflow says of its own work is not kept.
    """
    os.environ.update(_QUIET)
    if uri.startswith(_FILE):
        Path(uri.removeprefix(_FILE)).parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of MLflow about SQLAlchemy: nothing that we could change
        from mlflow.tracking import MlflowClient

        for name in ("mlflow", "alembic"):
            logging.getLogger(name).setLevel(logging.WARNING)
        client = MlflowClient(tracking_uri=uri, registry_uri=uri)
        client.search_registered_models(max_results=1)  # opens the registry's store as well
    return client
