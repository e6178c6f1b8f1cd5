"""Whether somebody looks at a live page: a mark in the cache that an open page renews.

Without a mark nothing is sent, so that nobody watching costs nothing. Redis may be away at any
time: then nobody is taken to watch.
"""

import time

from django.core.cache import cache
from django_tenants.utils import schema_context

from portal.notices import AWAY

_LOOK_EVERY_SECONDS = 1.0
_KEPT_SECONDS = 45


class Watchers:
    """Those of one kind of page, by tenant; ``name`` is that of their marks."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._known: dict[str, tuple[float, bool]] = {}

    def mark(self, schema: str) -> None:
        """Say that somebody watches ``schema`` now; cache keys carry the active schema."""
        with schema_context(schema):
            cache.set(self._name, 1, timeout=_KEPT_SECONDS)

    def present(self, schema: str) -> bool:
        """Whether somebody watches; at most a second old, ``False`` when Redis is away."""
        moment = time.monotonic()
        known = self._known.get(schema)
        if known is not None and moment - known[0] < _LOOK_EVERY_SECONDS:
            return known[1]
        try:
            with schema_context(schema):
                answer = cache.get(self._name) is not None
        except AWAY:
            answer = False
        self._known[schema] = (moment, answer)
        return answer

    def forget(self) -> None:
        """Look anew the next time."""
        self._known.clear()
