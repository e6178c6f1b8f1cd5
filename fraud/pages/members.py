"""The members of a model as the models page shows them: who earned a place, who did not."""

from collections.abc import Mapping
from dataclasses import dataclass

from fraud.rules.words import MEMBERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """``added`` average precision with its 99 % interval; ``None`` where too few labels tell."""

    name: str
    kept: bool
    added: float | None
    interval: tuple[float, float] | None


def members(figures: Mapping[str, float]) -> list[Member]:
    """The candidates of a model by its figures; none for one from before there were any."""
    found = []
    for key, name in MEMBERS.items():
        if (kept := figures.get(f"member_{key}")) is None:
            continue
        added = figures.get(f"member_{key}_added")
        low, high = figures.get(f"member_{key}_low"), figures.get(f"member_{key}_high")
        found.append(
            Member(name=name, kept=bool(kept), added=added,
                   interval=None if low is None or high is None else (low, high))
        )  # fmt: skip
    return found
