"""A journey as the read model keeps it, the unit the stores add and subtract."""

from datetime import date, timedelta
from typing import NamedTuple

from attribution.store.words import NULLS

_EPOCH = date(1970, 1, 1)
_MICROSECONDS_PER_DAY = 86_400_000_000


class Record(NamedTuple):
    """A journey; ``times`` and ``ended`` are microseconds since 1970, the rest as in the table.

    It ``acquires`` where its conversion is the first of its type of this person: a new customer.
    """

    id: int
    person: str
    conversion_type: int
    segment: int
    started: int
    ended: int
    value: int
    acquires: bool
    positions: tuple[int, ...]
    times: tuple[int, ...]
    channels: tuple[int, ...]
    campaigns: tuple[int, ...]
    sources: tuple[int, ...]

    @property
    def converted(self) -> bool:
        """Whether the journey ended in a conversion."""
        return self.conversion_type != NULLS

    @property
    def day(self) -> date:
        """The day (UTC) under which the stores keep this journey."""
        return _EPOCH + timedelta(days=self.ended // _MICROSECONDS_PER_DAY)
