"""What waits for a worker, queue by queue."""

import os
import time
from collections.abc import Callable

from health import beats
from health.contracts import Limits, Reading
from health.registry import Probe, Scope

QUEUES = {
    "ingest": "Imports",
    "project": "Work on read models",
    "train": "Training",
    "report": "Mails and reports",
}
LONGEST_TRAINING_SECONDS = 1_800.0
_SINCE = "touchstone:waiting"


def name_of(queue: str) -> str:
    """The name under which a queue's part and its signs of life go."""
    return f"queue:{queue}"


def _waiting(queue: str) -> Callable[[], Reading]:
    def read() -> Reading:
        seen = beats.seen()
        try:
            waiting, since = _length(queue)
        except beats.AWAY:
            return Reading(unseen=True, detail="Can't be seen while Redis is away.")
        if not waiting:
            return Reading()
        moment = time.time()
        last = seen.beats.get(name_of(queue))
        oldest = max(moment - since, 0.0)
        return Reading(
            waiting=waiting,
            oldest_seconds=oldest,
            idle_seconds=min(last.age(moment), oldest) if last else oldest,
            detail=f"Last seen: {last.doing}." if last and last.doing else "",
        )

    return read


def _length(queue: str) -> tuple[int, float]:
    """How many wait, and since when the queue has not been empty (seconds since 1970)."""
    client = beats.client(os.getpid())
    waiting = client.llen(queue)
    if not waiting:
        client.hdel(_SINCE, queue)
        return 0, 0.0
    client.hsetnx(_SINCE, queue, str(time.time()))
    since = client.hget(_SINCE, queue)
    return waiting, float(since.decode() if isinstance(since, bytes) else time.time())


def _limits(queue: str) -> Limits:
    if queue == "train":  # one training may take a while, and the next one waits for it
        return Limits(oldest_seconds=300.0, idle_seconds=LONGEST_TRAINING_SECONDS)
    return Limits(oldest_seconds=20.0, idle_seconds=40.0)


PROBES = tuple(
    Probe(
        name=name_of(queue),
        label=label,
        scope=Scope.SERVICE,
        read=_waiting(queue),
        limits=_limits(queue),
        advice=f"If no worker takes the queue {queue!r}, start one that does"
        f" (`celery -A config worker --queues {queue}`), or more of them.",
    )
    for queue, label in QUEUES.items()
)
