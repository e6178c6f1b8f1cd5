"""A market's past cut in time: to learn from, to hold back, to calibrate on, to try on. Pure."""

from dataclasses import dataclass

from kernel.errors import InvalidInput
from regulator.features.series import WEEK

WARM = 5
"""Weeks until what is due can be told, and how far an hour usually is from it."""
LEAST = 22
"""Weeks of a market below which nothing is learned."""


class TooLittleHistory(InvalidInput):
    """Detectors can't be learned from so few weeks."""

    code = "too_little_history"
    title = "There is too little history"


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """Hours: each part is from its own beginning until the next one's."""

    fit: int
    held: int
    calibrate: int
    trial: int
    end: int


def parts(hours: int) -> Parts:
    """Whole weeks: of those after the warm-up half, then a sixth each; raises ``TooLittleHistory``.

    The three later parts have four weeks at least.
    """
    weeks = hours // WEEK
    if weeks < LEAST:
        raise TooLittleHistory(f"There are {weeks} whole weeks of hours, and {LEAST} are needed.")
    later = max(4, round((weeks - WARM) / 6))
    first = hours - weeks * WEEK  # the newest hours are whole weeks
    ends = [first + (weeks - later * back) * WEEK for back in (3, 2, 1, 0)]
    return Parts(
        fit=first + WARM * WEEK, held=ends[0], calibrate=ends[1], trial=ends[2], end=ends[3]
    )
