"""Which touches do not count, because they were rejected one by one or with their source.

The last word on a single touch stands above what was said of its source.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date
from typing import NamedTuple
from uuid import UUID

from attribution.projection.facts import TouchFact
from attribution.projection.sums import rows

_VERDICTS = "SELECT event_id, rejected FROM attribution_verdict WHERE event_id = ANY(%s)"
_STANDING = 'SELECT source, start, "end" FROM attribution_decision WHERE standing'


class Span(NamedTuple):
    """A source whose touches of some days were rejected; ``None``: no limit."""

    source: str
    start: date | None
    end: date | None

    def holds(self, source: str, day: date) -> bool:
        """Whether a touch of ``source`` on ``day`` (UTC) is meant."""
        return (
            source == self.source
            and (self.start is None or day >= self.start)
            and (self.end is None or day <= self.end)
        )


def spans() -> list[Span]:
    """The rejections of sources that stand."""
    return [Span(*row) for row in rows(_STANDING, [])]


def verdicts(touches: Iterable[UUID]) -> dict[UUID, bool]:
    """The last word on single touches, of those there is one on."""
    return dict(rows(_VERDICTS, [list(touches)]))


def among(touches: Sequence[TouchFact]) -> set[int]:
    """The positions of those of a batch's touches that are rejected already."""
    if not touches:
        return set()
    said = verdicts(fact.event.id for fact in touches)
    standing = spans()
    if not said and not standing:
        return set()
    return {
        fact.event.position
        for fact in touches
        if said.get(
            fact.event.id,
            any(
                each.holds(fact.source, fact.event.occurred_at.astimezone(UTC).date())
                for each in standing
            ),
        )
    }
