"""Lines every page of a tenant shows at its top, given by whoever has something to say."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A sentence with a link. ``level`` is "warning" or "error"."""

    level: str
    text: str
    url: str
    action: str


Source = Callable[[], list[Notice]]
_sources: list[Source] = []


def register(source: Source) -> None:
    """Ask ``source`` for its notices whenever a page is shown to a member."""
    if source not in _sources:
        _sources.append(source)


def current() -> list[Notice]:
    """All notices of the active tenant."""
    return [notice for source in _sources for notice in source()]
