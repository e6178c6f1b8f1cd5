"""Lines every page of a tenant shows at its top, given by whoever has something to say."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import redis.exceptions
from django.core.cache import cache


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence with a link. ``level`` is "warning" or "error"."""

    level: str
    text: str
    url: str
    action: str


Source = Callable[[], list[Notice]]
T = TypeVar("T")
AWAY = (redis.exceptions.RedisError, OSError)
"""What the cache raises while Redis is away."""
_SECONDS = 10
_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask ``source`` for its notices whenever a page is shown to a member."""
    if source not in _sources:
        _sources.append(source)


def current() -> list[Notice]:
    """All notices of the active tenant."""
    return [notice for source in _sources for notice in source()]


def remembered(key: str, look: Callable[[], T]) -> T:
    """What ``look`` finds, for the active tenant, at most ten seconds old.

    Redis may be away: then it looks each time.
    """
    try:
        known: T | None = cache.get(key)
    except AWAY:
        return look()
    if known is None:
        known = look()
        try:
            cache.set(key, known, _SECONDS)
        except AWAY:
            return known
    return known


def forget(key: str) -> None:
    """Look again at the next page: something changed."""
    try:
        cache.delete(key)
    except AWAY:
        return
