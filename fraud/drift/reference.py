"""What the traffic of a model is held against, as this process keeps it."""

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eventlog.tenancy import active_tenant
from fraud.features import FEATURES
from fraud.models import DriftReference
from fraud.scoring.decide import FEATURES_VERSION, Decision
from kernel.errors import InvalidInput
from ml.drift.bins import WIDTH, Bins, unpacked
from ml.drift.counting import Counts
from ml.features.layout import Floats

OUTPUTS = ("probability", "score")
COLUMNS = (*FEATURES.names, *OUTPUTS)
"""What is counted of each event."""
FRESH_SECONDS = 5.0
"""How long a process may not have noticed that a model has a reference."""
HELD = 64
"""References a process keeps: some 40 kB each."""
_KIND = FEATURES.names.index("kind")
_log = logging.getLogger(__name__)
_missing: dict[tuple[str, str], float] = {}


class ReferenceUnusable(InvalidInput):
    """A reference that does not fit the features."""

    code = "invalid_drift_reference"
    title = "What the model learned from can't be read"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reference:
    """Bins and counts of ``COLUMNS``. ``kinds`` are the kinds of event the model learned from."""

    bins: Bins
    counts: Counts
    kinds: tuple[float, ...]

    def __post_init__(self) -> None:
        """Raises ``ReferenceUnusable``."""
        if self.counts.shape != (len(COLUMNS), WIDTH) or len(self.bins) != len(COLUMNS):
            raise ReferenceUnusable("It has other columns than an event.")

    def learned(self, matrix: Floats) -> NDArray[np.bool_]:
        """Which rows of features are of a kind the model learned from.

        Where installs alone were labelled, clicks would otherwise be drift from the first hour on.
        """
        return np.isin(matrix[:, _KIND], self.kinds)


def columns(matrix: Floats, decisions: Sequence[Decision]) -> Floats:
    """``COLUMNS`` of events: their features and what was decided."""
    chances = [np.nan if each.probability is None else each.probability for each in decisions]
    scores = [float(each.score) for each in decisions]
    return np.column_stack([matrix, chances, scores])


def of(digest: str) -> Reference | None:
    """The reference of a model of the active tenant; ``None`` where none can be used."""
    key, moment = (active_tenant(), digest), time.monotonic()
    if moment - _missing.get(key, float("-inf")) <= FRESH_SECONDS:
        return None
    try:
        found = _loaded(*key)
    except DriftReference.DoesNotExist:
        pass
    except InvalidInput as error:
        _log.warning("the reference of the model %s can't be used: %s", digest[:12], error)
    else:
        _missing.pop(key, None)
        return found
    _missing[key] = moment
    return None


@lru_cache(maxsize=HELD)
def _loaded(schema: str, digest: str) -> Reference:
    """By schema too: a tenant's reference is nobody else's. Raises ``ReferenceUnusable``."""
    row = DriftReference.objects.get(digest=digest, features_version=FEATURES_VERSION)
    return Reference(
        bins=unpacked(row.bins), counts=np.array(row.counts, dtype=np.int64),
        kinds=tuple(row.kinds),
    )  # fmt: skip
