"""A task's lines carry the ids of the request that queued it; one line says how the task ended."""

import logging
import time
from contextlib import ExitStack
from typing import Any

from celery import signals

from kernel import about

_HEADER = "about"
_PASSED_ON = ("request", "user", "tenant")
_log = logging.getLogger(__name__)
_open: dict[str, tuple[ExitStack, float]] = {}


def connect() -> None:
    """Listen to whoever queues tasks, and to the worker."""
    signals.before_task_publish.connect(_queued, weak=False)
    signals.task_prerun.connect(_begins, weak=False)
    signals.task_postrun.connect(_ends, weak=False)


def _queued(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    ids = {name: value for name, value in about.known().items() if name in _PASSED_ON}
    if headers is not None and ids:
        headers[_HEADER] = ids


def _begins(task_id: str = "", task: Any = None, **kwargs: Any) -> None:
    held = ExitStack()
    given = getattr(task.request, _HEADER, None) or (task.request.headers or {}).get(_HEADER) or {}
    ids = {name: str(value) for name, value in given.items() if name in _PASSED_ON}
    held.enter_context(about.about(**ids, task=task.name, task_id=task_id))
    _open[task_id] = held, time.monotonic()


def _ends(task_id: str = "", state: str = "", **kwargs: Any) -> None:
    held, began = _open.pop(task_id, (ExitStack(), time.monotonic()))
    fields = {"state": (state or "unknown").lower(), "ms": round((time.monotonic() - began) * 1000)}
    _log.info("task.ended", extra={"fields": fields})
    held.close()
