"""Learned detectors as others read them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelItem:
    """``figures`` are those of the trial; ``ways`` by operator: who judges its windows, and why.

    A way holds ``way`` and, of the comparison, ``components``, ``network``, ``difference``,
    ``low`` and ``high``, where there were enough trials.
    """

    digest: str
    family: str
    state: str
    registered_at: datetime
    promoted_at: datetime | None
    figures: Mapping[str, float]
    ways: Mapping[str, Mapping[str, Any]]
    learned_from: Mapping[str, int]
