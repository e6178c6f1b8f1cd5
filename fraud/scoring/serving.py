"""The active tenant's champion as this process serves it: asked by every batch, seldom read."""

import logging
import time
from functools import lru_cache

from eventlog.tenancy import active_schema
from fraud.models import TrainedModel
from fraud.scoring.decide import FEATURES_VERSION
from ml.ensemble.served import Ensemble, load
from ml.trees import Forest
from ml.trees.forest import ArtefactUnusable

FRESH_SECONDS = 5.0
"""How long a process may not have noticed a promotion."""
HELD = 16
"""Models a process keeps: about a megabyte each."""
CHAMPION = "champion"
_log = logging.getLogger(__name__)
_remembered: dict[str, tuple[float, str]] = {}


def champion() -> Forest | Ensemble | None:
    """The model that takes part in scores, ``None`` without one or for one of other features."""
    digest = _digest()
    try:
        return model(digest) if digest else None
    except ArtefactUnusable as error:
        # Events are scored by the rules alone rather than not taken.
        _log.warning("the model %s can't be served: %s", digest[:12], error)
        return None


def model(digest: str) -> Forest | Ensemble | None:
    """A model of the active tenant by its bytes' SHA-256; ``None`` where there is none."""
    try:
        return _loaded(active_schema(), digest)
    except TrainedModel.DoesNotExist:
        return None


def forget() -> None:
    """Look again at the next batch: the tenant's champion has changed."""
    _remembered.pop(active_schema(), None)


def _digest() -> str:
    schema, moment = active_schema(), time.monotonic()
    known = _remembered.get(schema)
    if known is None or moment - known[0] > FRESH_SECONDS:
        row = TrainedModel.objects.filter(state=CHAMPION, features_version=FEATURES_VERSION)
        found = row.values_list("digest", flat=True).first() or ""
        known = _remembered[schema] = (moment, found)
    return known[1]


@lru_cache(maxsize=HELD)
def _loaded(schema: str, digest: str) -> Forest | Ensemble:
    """By schema too: a tenant's model is nobody else's, even where the bytes are the same."""
    return load(bytes(TrainedModel.objects.values_list("artefact", flat=True).get(digest=digest)))
