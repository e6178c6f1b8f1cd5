"""The active tenant's detectors as this process serves them."""

import logging
import time
from functools import lru_cache

from eventlog.tenancy import active_schema
from regulator.learned.model import Model, ModelUnusable
from regulator.models import LearnedModel

FRESH_SECONDS = 5.0
"""How long a process may not have noticed a promotion."""
HELD = 16
CHAMPION = "champion"
_log = logging.getLogger(__name__)
_remembered: dict[str, tuple[float, str]] = {}


def champion() -> Model | None:
    """The detectors that judge; ``None`` without any, or for some of other features."""
    digest = _digest()
    try:
        return _loaded(active_schema(), digest) if digest else None
    except LearnedModel.DoesNotExist:
        return None
    except ModelUnusable as error:
        # Hours are judged by the baseline alone rather than not at all.
        _log.warning("the model %s can't be served: %s", digest[:12], error)
        return None


def forget() -> None:
    """Look again the next time: the tenant's detectors have changed."""
    _remembered.pop(active_schema(), None)


def _digest() -> str:
    schema, moment = active_schema(), time.monotonic()
    known = _remembered.get(schema)
    if known is None or moment - known[0] > FRESH_SECONDS:
        row = LearnedModel.objects.filter(state=CHAMPION)
        known = _remembered[schema] = (moment, row.values_list("digest", flat=True).first() or "")
    return known[1]


@lru_cache(maxsize=HELD)
def _loaded(schema: str, digest: str) -> Model:
    """By schema too: a tenant's model is nobody else's, even where the bytes are the same."""
    rows = LearnedModel.objects.values_list("artefact", flat=True)
    return Model(bytes(rows.get(digest=digest)))
