"""Counting what is scored: in the process, shared through Redis every few seconds.

Every event of a kind that the model learned from is counted: some 5 us each. What a process had not
shared yet when it ends is lost, a few seconds of a day.
"""

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
from prometheus_client import Counter

from eventlog.tenancy import active_tenant
from fraud.drift import reference, store
from fraud.drift.store import Vector
from fraud.scoring.decide import Decision
from ml.drift import counting
from ml.drift.bins import WIDTH
from ml.drift.counting import TIMES, Counts
from ml.features.layout import Floats

EVERY_SECONDS = 10.0
SIZE = len(reference.COLUMNS) * WIDTH + TIMES.size
"""Counts of an hour: those of ``COLUMNS``, then those of the times that scoring took."""
UNCOUNTED = Counter(
    "touchstone_fraud_uncounted_total", "Scored events left out of drift: Redis was away for them."
)
_log = logging.getLogger(__name__)
_Key = tuple[str, str, datetime]


@dataclass(slots=True)
class _Held:
    """What this process has counted and not shared: by schema, model and hour."""

    counts: dict[_Key, Vector] = field(default_factory=dict)
    shared_at: float = float("-inf")
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, key: _Key, counts: Counts, place: int) -> bool:
        """Count a batch that took as long as ``place`` says; whether it is time to share."""
        with self.lock:
            numbers = self.counts.setdefault(key, np.zeros(SIZE, dtype=np.int64))
            numbers[: counts.size] += counts.ravel()
            numbers[counts.size + place] += 1
            return time.monotonic() - self.shared_at >= EVERY_SECONDS

    def take(self) -> dict[_Key, Vector]:
        """What is to be shared, which is no longer held."""
        with self.lock:
            self.shared_at = time.monotonic()
            taken, self.counts = self.counts, {}
            return taken


_held = _Held()


def count(
    matrix: Floats, decisions: Sequence[Decision], *, seconds: float, now: datetime
) -> None:  # fmt: skip
    """Count a batch of the active tenant's that took ``seconds`` to score.

    Nothing is counted where no model took part, or one without a reference.
    """
    digest = decisions[0].model if decisions else ""
    against = reference.of(digest) if digest else None
    if against is None:
        return
    rows = reference.columns(matrix, decisions)[against.learned(matrix)]
    if not len(rows):
        return
    key = (active_tenant(), digest, now.replace(minute=0, second=0, microsecond=0))
    counts = counting.count(against.bins, rows)
    if _held.add(key, counts, counting.time_place(1_000.0 * seconds)):
        share()


def share() -> None:
    """Add what was counted to what Redis holds. While it is away, counts are dropped."""
    left = _held.take()
    try:
        while left:
            key = next(iter(left))
            store.add(*key, left[key])
            del left[key]
    except store.AWAY as error:
        dropped = sum(int(numbers[:WIDTH].sum()) for numbers in left.values())
        UNCOUNTED.inc(dropped)
        _log.warning("%d scored events are not counted for drift: %s", dropped, error)


def counted(digest: str, *, now: datetime, hours: int) -> tuple[Counts, Vector]:
    """What all processes shared of a model in the last ``hours``, and times. Raises ``AWAY``."""
    latest = now.replace(minute=0, second=0, microsecond=0)
    span = [latest - timedelta(hours=back) for back in range(hours)]
    numbers = store.read(active_tenant(), digest, span, SIZE)
    cut = SIZE - TIMES.size
    return numbers[:cut].reshape(len(reference.COLUMNS), WIDTH), numbers[cut:]
