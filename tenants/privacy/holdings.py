"""What other apps know about people, registered by them: who is stitched to whom, and what more.

An app above this one registers from its AppConfig; nothing here knows which there are.
"""

from collections.abc import Callable, Sequence
from typing import Any

Stitch = Callable[[Sequence[str]], set[str]]
Told = Callable[[Sequence[str]], list[dict[str, Any]]]

_stitches: dict[str, Stitch] = {}
_told: dict[str, Told] = {}


def register_stitch(name: str, stitch: Stitch) -> None:
    """``stitch`` gives the subjects that belong to the same people as those it is given."""
    _stitches[name] = stitch


def register_told(name: str, told: Told) -> None:
    """``told`` gives what an app has concluded about the people of subjects, ready for JSON."""
    _told[name] = told


def concluded(subjects: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """What all apps have concluded about the people of ``subjects``, by name."""
    return {name: told(subjects) for name, told in sorted(_told.items())}


def stitched(subjects: Sequence[str]) -> tuple[str, ...]:
    """``subjects`` and every subject any app has stitched to them, sorted; a tenant is active."""
    found = set(subjects)
    while True:
        more = {each for stitch in _stitches.values() for each in stitch(sorted(found))}
        if more <= found:
            return tuple(sorted(found))
        found |= more
