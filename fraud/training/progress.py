"""How far the active tenant's training is, for whoever waits: in the cache, gone within a day."""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from fraud.training.steps import Step
from kernel import clock

_KEY = "fraud-training"
_KEPT_SECONDS = 86_400
_LOST_SECONDS = 3_600
"""A training of which nothing was heard for so long is taken for lost."""


def begin() -> bool:
    """Note that a training was asked for; false where one is under way."""
    held = current()
    if held and not held["ended"]:
        return False
    _put({"steps": {}, "ended": False, "outcome": "", "failed": False})
    return True


def tell(step: Step, words: str) -> None:
    """Note where it is."""
    held = cache.get(_KEY) or {"ended": False, "outcome": "", "failed": False}
    _put({**held, "steps": {**held.get("steps", {}), str(step): words}})


def end(outcome: str, *, failed: bool) -> None:
    """Note how it ended, in a sentence."""
    _put(
        {**(cache.get(_KEY) or {"steps": {}}), "ended": True, "outcome": outcome, "failed": failed}
    )


def conclude(outcome: str, *, failed: bool) -> None:
    """Tell of what was no training, where none is under way."""
    if begin():
        end(outcome, failed=failed)


def current() -> dict[str, Any] | None:
    """Steps with words, whether it ended and how; ``None``: there was none of late."""
    held: dict[str, Any] | None = cache.get(_KEY)
    if held and not held["ended"]:
        silent = clock.now() - datetime.fromisoformat(held["at"])
        if silent.total_seconds() > _LOST_SECONDS:
            return None
    return held


def _put(held: dict[str, Any]) -> None:
    cache.set(_KEY, {**held, "at": clock.now().isoformat()}, _KEPT_SECONDS)
