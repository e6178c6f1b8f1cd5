"""How far the training of the active tenant's detectors is: in the cache, gone within a day."""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from kernel import clock
from regulator.learned.steps import Step

_KEY = "regulator-detectors"
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
    held = cache.get(_KEY) or {"steps": {}}
    _put({**held, "ended": True, "outcome": outcome, "failed": failed})


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
