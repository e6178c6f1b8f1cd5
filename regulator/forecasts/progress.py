"""How far the active tenant's forecasts are, for whoever waits: in the cache, gone within a day."""

from datetime import datetime
from typing import Any

from django.core.cache import cache

from kernel import clock

_KEY = "regulator-forecasts"
_KEPT_SECONDS = 86_400
_LOST_SECONDS = 1_800
"""Forecasts of which nothing was heard for so long are taken for lost."""


def begin() -> bool:
    """Note that forecasts were asked for; false where they are being made."""
    held = current()
    if held and not held["ended"]:
        return False
    _put({"done": 0, "of": 0, "ended": False, "outcome": "", "failed": False})
    return True


def tell(done: int, of: int) -> None:
    """Note how many steps of how many are done."""
    _put({"done": done, "of": of, "ended": False, "outcome": "", "failed": False})


def end(outcome: str, *, failed: bool) -> None:
    """Note how it ended, in a sentence."""
    _put({"done": 1, "of": 1, "ended": True, "outcome": outcome, "failed": failed})


def current() -> dict[str, Any] | None:
    """Steps done, of how many, whether it ended and how; ``None``: there was none of late."""
    held: dict[str, Any] | None = cache.get(_KEY)
    if held and not held["ended"]:
        silent = clock.now() - datetime.fromisoformat(held["at"])
        if silent.total_seconds() > _LOST_SECONDS:
            return None
    return held


def _put(held: dict[str, Any]) -> None:
    cache.set(_KEY, {**held, "at": clock.now().isoformat()}, _KEPT_SECONDS)
