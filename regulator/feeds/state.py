"""How complete a feed is, as others read it. Pure."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hole:
    """Numbers that never came."""

    first: int
    last: int
    opened_at: datetime

    @property
    def count(self) -> int:
        """How many."""
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedState:
    """How complete a feed is. ``holes`` are the lowest ones, a page of them at most."""

    records: int = 0
    highest: int = 0
    missing: int = 0
    filled: int = 0
    reused: int = 0
    twice: tuple[int, ...] = ()
    late: int = 0
    repeated: int = 0
    refused: int = 0
    heard_at: datetime | None = None
    played_at: datetime | None = None
    quiet_since: datetime | None = None
    holes: tuple[Hole, ...] = ()

    @property
    def completeness(self) -> float | None:
        """The share of the numbers up to the highest that came."""
        return 1 - self.missing / self.highest if self.highest else None
