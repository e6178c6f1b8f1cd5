"""The worker's signs of life, and what its tasks counted."""

import time
from typing import Any

from celery import signals
from prometheus_client import Counter, Histogram

from health import beats
from health.probes.processes import WORKER
from health.probes.queues import name_of

FINISHED = Counter(
    "touchstone_tasks_total", "Tasks of the worker by how they ended.", ["task", "state"]
)
SECONDS = Histogram(
    "touchstone_task_seconds",
    "How long the worker's tasks took.",
    ["task"],
    buckets=(0.1, 0.5, 1, 5, 15, 60, 300, 1800),
)
_began: dict[str, float] = {}


def connect() -> None:
    """Listen to the worker. Where there is none, nothing is ever heard."""
    signals.heartbeat_sent.connect(_heart, weak=False)
    signals.task_prerun.connect(_begins, weak=False)
    signals.task_postrun.connect(_ends, weak=False)


def _heart(**kwargs: Any) -> None:
    beats.beat(WORKER)


def _begins(task_id: str = "", task: Any = None, **kwargs: Any) -> None:
    _began[task_id] = time.monotonic()
    beats.beat(name_of(_queue(task)), f"working on {task.name}", always=True)


def _ends(task_id: str = "", task: Any = None, state: str = "", **kwargs: Any) -> None:
    began = _began.pop(task_id, None)
    FINISHED.labels(task.name, state or "UNKNOWN").inc()
    if began is not None:
        SECONDS.labels(task.name).observe(time.monotonic() - began)
    beats.beat(name_of(_queue(task)), f"done with {task.name}", always=True)


def _queue(task: Any) -> str:
    delivery = getattr(task.request, "delivery_info", None) or {}
    return str(delivery.get("routing_key") or "unknown")
