"""A feed's own numbering, held against itself: what is missing, came late, was used twice. Pure.

An operator numbers its records 1, 2, 3 …; the numbers that never came are kept as ranges, so the
ledger is as long as a feed has holes and not as long as the feed.
"""

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

NAMED = 20
"""How many of the numbers that were used twice are named."""


class Gap(NamedTuple):
    """Numbers that have not come, and when a higher one showed it."""

    first: int
    last: int
    opened_at: datetime


@dataclass(slots=True, kw_only=True)
class Ledger:
    """A feed's numbers so far. ``gaps`` are in order, none touching another.

    ``filled``: numbers that came after a higher one. ``reused``: numbers that had come before;
    ``twice`` names the first of them.
    """

    highest: int = 0
    gaps: list[Gap] = field(default_factory=list)
    filled: int = 0
    reused: int = 0
    twice: list[int] = field(default_factory=list)

    @property
    def missing(self) -> int:
        """How many numbers below the highest have not come."""
        return sum(gap.last - gap.first + 1 for gap in self.gaps)

    def take(self, number: int, at: datetime) -> None:
        """Enter the ``number`` of a record that came ``at``."""
        if number > self.highest:
            if number > self.highest + 1:
                self.gaps.append(Gap(self.highest + 1, number - 1, at))
            self.highest = number
        elif self._fill(number):
            self.filled += 1
        else:
            self.reused += 1
            if len(self.twice) < NAMED:
                self.twice.append(number)

    def _fill(self, number: int) -> bool:
        """Take ``number`` out of the gap it lies in; whether there was one."""
        place = bisect_right(self.gaps, number, key=lambda gap: gap.first) - 1
        if place < 0 or self.gaps[place].last < number:
            return False
        gap = self.gaps[place]
        parts = (gap._replace(last=number - 1), gap._replace(first=number + 1))
        self.gaps[place : place + 1] = [part for part in parts if part.first <= part.last]
        return True
