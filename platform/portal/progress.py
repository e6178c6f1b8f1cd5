"""How far a training of the active tenant's is, for whoever waits: in the cache, gone in a day."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.core.cache import cache

from kernel import clock

_KEPT_SECONDS = 86_400
_LOST_SECONDS = 3_600
"""A training of which nothing was heard for so long is taken for lost."""


class Progress:
    """Of the training that ``key`` names."""

    def __init__(self, key: str) -> None:
        self.key = key

    def begin(self) -> bool:
        """Note that a training was asked for; false where one is under way."""
        held = self.current()
        if held and not held["ended"]:
            return False
        self._put({"steps": {}, "ended": False, "outcome": "", "failed": False})
        return True

    def tell(self, step: str, words: str) -> None:
        """Note where it is."""
        held = cache.get(self.key) or {"ended": False, "outcome": "", "failed": False}
        self._put({**held, "steps": {**held.get("steps", {}), str(step): words}})

    def end(self, outcome: str, *, failed: bool) -> None:
        """Note how it ended, in a sentence."""
        held = cache.get(self.key) or {"steps": {}}
        self._put({**held, "ended": True, "outcome": outcome, "failed": failed})

    def conclude(self, outcome: str, *, failed: bool) -> None:
        """Tell of what was no training, where none is under way."""
        if self.begin():
            self.end(outcome, failed=failed)

    def current(self) -> dict[str, Any] | None:
        """Steps with words, whether it ended and how; ``None``: there was none of late."""
        held: dict[str, Any] | None = cache.get(self.key)
        if held and not held["ended"]:
            silent = clock.now() - datetime.fromisoformat(held["at"])
            if silent.total_seconds() > _LOST_SECONDS:
                return None
        return held

    def shown(self, steps: Iterable[str]) -> dict[str, Any] | None:
        """As ``current``, for a page: each of these steps with its words, and how many are done."""
        held = self.current()
        if held is None:
            return None
        told = [
            {"name": str(step).capitalize(), "words": held["steps"].get(str(step), "")}
            for step in steps
        ]
        done = sum(1 for step in told if step["words"])
        return {**held, "steps": told, "done": done, "of": len(told)}

    def _put(self, held: dict[str, Any]) -> None:
        cache.set(self.key, {**held, "at": clock.now().isoformat()}, _KEPT_SECONDS)
