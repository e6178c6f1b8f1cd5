"""One look at the champion of the active tenant: inputs, outputs, performance, time."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from uuid import UUID

import numpy as np

from fraud.drift import counting, reference
from fraud.drift.performance import Performance, performance, truth_of
from fraud.models import Case, DriftMeasure, Label, TrainedModel
from fraud.scoring.serving import CHAMPION
from ml.drift.counting import percentile
from ml.drift.report import Report, report

HOURS = 24
APART = ("weekday",)
"""What a day can't show: it has not all days of a week."""
_LABELS = timedelta(days=7)
_MOST_LABELS = 2_000
"""The latest labelled events alone: what they cost stays the same."""
_WEEK = timedelta(days=7)
_LEAST_LOOKS = 24
"""Earlier looks from which on it is known how long scoring usually takes."""
_SLOWER, _SLOW_MS = 2.0, 100.0
"""Scoring has drifted where it takes so many times as long as usual, and long at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What was found at a moment.

    ``milliseconds``: within which 99 of 100 batches were scored; ``usual`` the same of the week
    before; ``None`` where nothing is known.
    """

    at: datetime
    model: str
    report: Report
    performance: Performance | None
    milliseconds: float | None
    usual: float | None

    @property
    def slower(self) -> bool:
        """Whether scoring takes longer than it used to."""
        if self.milliseconds is None or self.usual is None:
            return False
        return self.milliseconds >= max(_SLOWER * self.usual, _SLOW_MS)

    @property
    def worse(self) -> bool:
        """Whether the model does worse than it promises."""
        return self.performance is not None and self.performance.drifted

    @property
    def drifted(self) -> bool:
        """Whether anything has."""
        moved = self.report.inputs_drifted or self.report.outputs_drifted
        return moved or self.worse or self.slower


def look(*, now: datetime) -> Look | None:
    """Look at the last day; ``None`` without a champion that can be measured. Raises ``AWAY``."""
    digest = champion()
    against = reference.of(digest) if digest else None
    if against is None:
        return None
    counts, times = counting.counted(digest, now=now, hours=HOURS)
    return Look(
        at=now, model=digest,
        report=report(
            reference.COLUMNS, against.bins, against.counts, counts, outputs=reference.OUTPUTS,
            apart=APART,
        ),
        performance=_performance(digest, now), milliseconds=percentile(times, 0.99),
        usual=_usual(digest, now),
    )  # fmt: skip


def champion() -> str:
    """The champion's digest; empty: none takes part in scores."""
    found = TrainedModel.objects.filter(state=CHAMPION).values_list("digest", flat=True).first()
    return found or ""


def _performance(digest: str, now: datetime) -> Performance | None:
    """By the labels of the last days, over the cases that the model itself brought up.

    What the rules brought up says nothing of what the model promised.
    """
    cases = Case.objects.filter(
        at__gt=now - _LABELS, record__model=digest, event__in=Label.objects.values("event")
    ).order_by("-at")[:_MOST_LABELS]
    found = {
        event: float(chance)
        for event, chance, limit in cases.values_list(
            "event", "record__probability", "record__review"
        )
        if chance is not None and 100.0 * chance >= limit
    }
    truth = _truth(list(found))
    return performance(
        np.array([float(truth[event]) for event in found]), np.array(list(found.values()))
    )


def _truth(events: Sequence[UUID]) -> dict[UUID, bool]:
    words = defaultdict(list)
    rows = Label.objects.filter(event__in=events).order_by("at", "actor")
    for event, fraud in rows.values_list("event", "fraud"):
        words[event].append(fraud)
    return {event: truth_of(said) for event, said in words.items()}


def _usual(digest: str, now: datetime) -> float | None:
    rows = DriftMeasure.objects.filter(model=digest, hour__gt=now - _WEEK, hour__lt=now)
    known = [
        float(each)
        for each in rows.values_list("figures__milliseconds", flat=True)
        if each is not None
    ]
    return median(known) if len(known) >= _LEAST_LOOKS else None
