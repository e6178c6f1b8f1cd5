"""What was measured of drift, as others read it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from fraud.models import DriftMeasure


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """An hour's look at a model; ``features`` in words, the greatest PSI first."""

    hour: datetime
    model: str
    figures: Mapping[str, Any]
    features: Sequence[Mapping[str, Any]]


def latest(model: str) -> Measured | None:
    """The latest look at ``model``."""
    row = DriftMeasure.objects.filter(model=model).order_by("-hour").first()
    if row is None:
        return None
    return Measured(hour=row.hour, model=row.model, figures=row.figures, features=row.features)


def by_day(*, now: datetime, days: int = 30) -> dict[date, tuple[float, float]]:
    """By day, the greatest share of features that had moved, and the greatest PSI of an output."""
    rows = DriftMeasure.objects.filter(hour__gt=now - timedelta(days=days)).order_by("hour")
    found: dict[date, tuple[float, float]] = {}
    for hour, share, psi in rows.values_list("hour", "figures__share", "figures__output_psi"):
        before = found.get(hour.date(), (0.0, 0.0))
        found[hour.date()] = (max(before[0], share), max(before[1], psi))
    return found
