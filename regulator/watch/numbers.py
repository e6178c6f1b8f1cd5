"""Records that were received under one number and were sent again under another. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from regulator.detectors import thinning
from regulator.watch.sighting import Sighting, plain

_MOMENT = timedelta(seconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradicted:
    """A record of a batch that came ``at``: the number it has, and the one it was sent under."""

    at: datetime
    held: int
    sent: int


def renumbered(operators: Mapping[str, Sequence[Contradicted]]) -> list[Sighting]:
    """Feeds whose records moved to other numbers."""
    found = []
    for operator, records in sorted(operators.items()):
        moved = [each for each in records if each.held]
        told = thinning.renumbered(
            {str(place): each.held for place, each in enumerate(moved)},
            {str(place): each.sent for place, each in enumerate(moved)},
        )
        if told is not None:
            found.append(
                Sighting(
                    operator=operator, kind=told.kind, weight=told.severity, score=told.score,
                    started_at=min(each.at for each in moved),
                    ended_at=max(each.at for each in moved) + _MOMENT,
                    evidence={
                        **plain(told.evidence), "first_number": told.started,
                        "last_number": told.ended,
                    },
                    explanation=told.explanation,
                )
            )  # fmt: skip
    return found
