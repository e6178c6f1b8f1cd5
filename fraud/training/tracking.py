"""MLflow told of the active tenant's models.

The truth is the tenant's own table and log; MLflow follows it. So a store that was lost is made
again (what failed its gate, which no table has, excepted), and no trouble of MLflow's is one of a
training's: it is logged, and what was missed is told the next time.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from django.conf import settings

from eventlog.tenancy import active_tenant, alone
from fraud.models import TrainedModel
from fraud.scoring.serving import CHAMPION
from fraud.training import registry
from fraud.training.card import card
from fraud.training.item import ModelItem
from fraud.training.registry import CHALLENGER
from ml.tracking import Held, Run, Tracking

T = TypeVar("T")
AREA = "fraud"
ALIASES = (CHAMPION, CHALLENGER)
_PARAMETER = "parameter_"
_log = logging.getLogger(__name__)


def sync() -> None:
    """Tell of models that are not known there, and move the aliases; telling again changes nothing.

    Raises nothing.
    """
    _attempt(lambda: _sync(active_tenant()), None)


def refused(item: ModelItem, artefact: bytes, failures: Sequence[str]) -> None:
    """Tell of a model that failed its gate, and why. Raises nothing."""
    _attempt(lambda: _refused(_run(active_tenant(), item, artefact, failures)), None)


def held() -> Held:
    """What MLflow knows of the tenant's models; nothing where it is not to be had."""
    return _attempt(lambda: store().held(active_tenant()), Held())


def store() -> Tracking:
    """The store that the settings name."""
    return Tracking(
        uri=settings.MLFLOW_TRACKING_URI, artefacts=settings.MLFLOW_ARTEFACTS, area=AREA
    )


def _attempt(tell: Callable[[], T], otherwise: T) -> T:
    """What ``tell`` gives, ``otherwise`` where it fails or no store is named."""
    if not settings.MLFLOW_TRACKING_URI:
        return otherwise
    try:
        return tell()
    except Exception:  # noqa: BLE001  # no trouble of MLflow's, whatever it is, is a training's
        _log.exception("MLflow and the models of %s are not at one", active_tenant())
        return otherwise


def _refused(run: Run) -> None:
    with alone("fraud.tracking"):
        store().record(run)


def _sync(schema: str) -> None:
    with alone("fraud.tracking"):
        told, items = store(), registry.models()
        known = told.held(schema).versions
        for item in sorted(items, key=lambda each: each.registered_at):
            if item.digest not in known:
                artefact = TrainedModel.objects.values_list("artefact", flat=True)
                told.record(_run(schema, item, bytes(artefact.get(digest=item.digest)), ()))
        _align(told, schema, {each.state: each.digest for each in items})


def _align(told: Tracking, schema: str, wanted: Mapping[str, str]) -> None:
    """Have the aliases stand for what has their state."""
    aliases = told.held(schema).aliases
    for alias in ALIASES:
        if alias in wanted and aliases.get(alias) != wanted[alias]:
            told.alias(schema, wanted[alias], alias)
        elif alias in aliases and alias not in wanted:
            told.unalias(schema, alias)


def _run(schema: str, item: ModelItem, artefact: bytes, failures: Sequence[str]) -> Run:
    parameters = {name.removeprefix(_PARAMETER): value for name, value in item.figures.items()
                  if name.startswith(_PARAMETER)}  # fmt: skip
    figures = {name: value for name, value in item.figures.items()
               if not name.startswith(_PARAMETER)}  # fmt: skip
    counts = {f"learned_from.{name}": float(count) for name, count in item.learned_from.items()}
    return Run(
        schema=schema, family=item.family, digest=item.digest, ended=item.registered_at,
        seconds=item.figures.get("seconds", 0.0), parameters=parameters,
        figures={**figures, **counts}, tags={"features_version": item.features_version},
        artefact=artefact, refused="; ".join(failures),
        card=card(item, promotion=registry.promotion(item), failures=failures),
    )  # fmt: skip
