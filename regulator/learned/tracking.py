"""MLflow told of the active tenant's detectors.

The truth is the tenant's own table and log; MLflow follows it, and no trouble of MLflow's is one of
a training's: it is logged, and what was missed is told the next time.
"""

import logging
from collections.abc import Callable, Sequence

from django.conf import settings

from eventlog.tenancy import active_tenant, alone
from ml.tracking import Run, Tracking
from regulator.learned import registry
from regulator.learned.card import card
from regulator.learned.item import ModelItem
from regulator.learned.registry import CHALLENGER
from regulator.learned.serving import CHAMPION
from regulator.models import LearnedModel

AREA = "regulator"
ALIASES = (CHAMPION, CHALLENGER)
_log = logging.getLogger(__name__)


def sync() -> None:
    """Tell of models that are not known there, and move the aliases. Raises nothing."""
    _attempt(lambda: _sync(active_tenant()))


def refused(item: ModelItem, artefact: bytes, failures: Sequence[str]) -> None:
    """Tell of a model that failed its gate, and why. Raises nothing."""
    _attempt(lambda: store().record(_run(active_tenant(), item, artefact, failures)))


def store() -> Tracking:
    """The store that the settings name."""
    return Tracking(
        uri=settings.MLFLOW_TRACKING_URI, artefacts=settings.MLFLOW_ARTEFACTS, area=AREA
    )


def _attempt(tell: Callable[[], object]) -> None:
    if not settings.MLFLOW_TRACKING_URI:
        return
    try:
        with alone("regulator.tracking"):
            tell()
    except Exception:  # noqa: BLE001  # no trouble of MLflow's, whatever it is, is a training's
        _log.exception("MLflow and the detectors of %s are not at one", active_tenant())


def _sync(schema: str) -> None:
    told, items = store(), registry.models()
    known = told.held(schema).versions
    for item in sorted(items, key=lambda each: each.registered_at):
        if item.digest not in known:
            artefact = LearnedModel.objects.values_list("artefact", flat=True)
            told.record(_run(schema, item, bytes(artefact.get(digest=item.digest)), ()))
    wanted = {item.state: item.digest for item in items}
    aliases = told.held(schema).aliases
    for alias in ALIASES:
        if alias in wanted and aliases.get(alias) != wanted[alias]:
            told.alias(schema, wanted[alias], alias)
        elif alias in aliases and alias not in wanted:
            told.unalias(schema, alias)


def _run(schema: str, item: ModelItem, artefact: bytes, failures: Sequence[str]) -> Run:
    counts = {f"learned_from.{name}": float(count) for name, count in item.learned_from.items()}
    return Run(
        schema=schema, family=item.family, digest=item.digest, ended=item.registered_at,
        seconds=item.figures.get("seconds", 0.0), parameters={},
        figures={**item.figures, **counts}, tags={}, artefact=artefact,
        refused="; ".join(failures), card=card(item, failures=failures),
    )  # fmt: skip
