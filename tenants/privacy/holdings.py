"""What other apps know about people, registered by them: who is stitched to whom.

An app above this one registers from its AppConfig; nothing here knows which there are.
"""

from collections.abc import Callable, Sequence

Stitch = Callable[[Sequence[str]], set[str]]

_stitches: dict[str, Stitch] = {}


def register_stitch(name: str, stitch: Stitch) -> None:
    """``stitch`` gives the subjects that belong to the same people as those it is given."""
    _stitches[name] = stitch


def stitched(subjects: Sequence[str]) -> tuple[str, ...]:
    """``subjects`` and every subject any app has stitched to them, sorted; a tenant is active."""
    found = set(subjects)
    while True:
        more = {each for stitch in _stitches.values() for each in stitch(sorted(found))}
        if more <= found:
            return tuple(sorted(found))
        found |= more
