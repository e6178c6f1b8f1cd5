"""Where a feed's hours are empty: stretches without a record up to now. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta

LEAST = 2
"""Empty hours in a row that are worth showing."""
_HOUR = timedelta(hours=1)


def silences(
    played: Iterable[datetime], *, since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The stretches from ``since`` to ``until`` whose hours brought nothing, their ends excluded.

    ``played`` are the beginnings of hours with records, ``since`` that of the first hour asked
    about. The hour that runs at ``until`` may still bring something, and is left out.
    """
    last = until.replace(minute=0, second=0, microsecond=0)
    edges = sorted({each for each in played if since <= each < last})
    starts = [since, *(each + _HOUR for each in edges)]
    return [
        (low, high)
        for low, high in zip(starts, [*edges, last], strict=True)
        if high - low >= LEAST * _HOUR
    ]
