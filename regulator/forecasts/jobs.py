"""Forecasts of series that callers send: kept in the cache for a day, the tenant's own."""

from typing import Any
from uuid import UUID

from django.core.cache import cache

from kernel.errors import NotFound

_KEPT_SECONDS = 86_400


def _key(job: str) -> str:
    return f"regulator-forecast-{job}"


def start(job: UUID, asked: dict[str, Any]) -> str:
    """Keep what was asked for; its name."""
    cache.set(_key(str(job)), {"status": "waiting", "asked": asked}, _KEPT_SECONDS)
    return str(job)


def asked(job: str) -> dict[str, Any] | None:
    """What a job asked for; ``None`` when it is gone."""
    held = cache.get(_key(job))
    return None if held is None else held["asked"]


def done(job: str, answer: dict[str, Any]) -> None:
    """Keep a job's answer."""
    _end(job, {"status": "done", "answer": answer})


def failed(job: str, why: str) -> None:
    """Keep why a job has no answer."""
    _end(job, {"status": "failed", "detail": why})


def _end(job: str, outcome: dict[str, Any]) -> None:
    cache.set(_key(job), {"asked": asked(job) or {}, **outcome}, _KEPT_SECONDS)


def state(job: str) -> dict[str, Any]:
    """How a job stands: status, and its answer or why there is none. Raises ``NotFound``."""
    held = cache.get(_key(job))
    if held is None:
        raise NotFound("There is no such job, or it is over a day old.")
    return {name: value for name, value in held.items() if name != "asked"}
