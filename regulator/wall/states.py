"""The state of a feed in a word, from the signs of life it gives. Pure.

One word a feed, the most urgent one: silence hides everything else, what was turned away or is
missing can't be mended by waiting, lateness can. The rest is said below the word.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from regulator.feeds.checks import SILENT

SHORTEST = timedelta(minutes=5)
"""No feed is silent before this, however often it delivers otherwise."""
INTERVALS = 2
"""A feed is silent after so many of its usual distances between deliveries."""
_HOUR = timedelta(hours=1)


class State(StrEnum):
    """How a feed stands, the most urgent first."""

    SILENT = "silent"
    TURNED_AWAY = "turned_away"
    GAPS = "gaps"
    LATE = "late"
    WELL = "well"
    QUIET = "quiet"
    WAITING = "waiting"
    ENDED = "ended"


WORDS = {
    State.SILENT: "silent", State.TURNED_AWAY: "turned away", State.GAPS: "gaps",
    State.LATE: "late", State.WELL: "well", State.QUIET: "nothing played",
    State.WAITING: "no feed yet", State.ENDED: "licence ended",
}  # fmt: skip
HEARD = (State.WELL, State.QUIET)
"""Nothing is wrong with these."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a feed; ``refused`` are records of the newest batches of a day.

    ``rhythm`` is the distance usual between two deliveries, where one is known; ``fresh`` are the
    new records of the ``window`` before now, ``late`` those of them that came a day late; ``usual``
    are the records of a minute at this time of the day.
    """

    operator: str
    title: str
    ended: bool = False
    heard_at: datetime | None = None
    quiet_since: datetime | None = None
    rhythm: timedelta | None = None
    missing: int = 0
    late: int = 0
    refused: int = 0
    fresh: int = 0
    window: timedelta = _HOUR
    usual: float | None = None
    receipt: int = 0
    receipt_at: datetime | None = None

    @property
    def per_minute(self) -> float:
        """Records of a minute in the window."""
        return self.fresh / max(self.window / timedelta(minutes=1), 1.0)

    @property
    def share(self) -> float | None:
        """Records beside what is usual."""
        return self.per_minute / self.usual if self.usual else None


def patience(rhythm: timedelta | None) -> timedelta:
    """How long a feed may say nothing: two of its usual distances, within bounds."""
    return SILENT if rhythm is None else min(max(INTERVALS * rhythm, SHORTEST), SILENT)


def state(signs: Signs, now: datetime) -> State:
    """The one word."""
    if signs.heard_at is None:
        return State.ENDED if signs.ended else State.WAITING
    for held, word in (
        (signs.ended, State.ENDED),
        (now - signs.heard_at > patience(signs.rhythm), State.SILENT),
        (signs.refused > 0, State.TURNED_AWAY),
        (signs.missing > 0, State.GAPS),
        (signs.late > 0, State.LATE),
        (signs.quiet_since is not None, State.QUIET),
    ):
        if held:
            return word
    return State.WELL


def ranked(all_signs: Iterable[Signs], now: datetime) -> list[tuple[State, Signs]]:
    """Every feed with its state: the most urgent first, then by name, so that a tile stays put."""
    order = list(State)
    pairs = [(state(each, now), each) for each in all_signs]
    return sorted(
        pairs, key=lambda pair: (order.index(pair[0]), pair[1].title.casefold(), pair[1].operator)
    )


def counts(states: Iterable[State]) -> dict[State, int]:
    """How many feeds are in each state that any is in, the most urgent first."""
    found = Counter(states)
    return {each: found[each] for each in State if found[each]}


def usual(before: float | None, this: float | None, now: datetime) -> float | None:
    """Records of a minute usual in the hour that ends ``now``, from those of two clock hours.

    ``before`` and ``this`` are the records usual in the clock hour before and in the present one.
    """
    if before is None and this is None:
        return None
    share = now.minute / 60
    low, high = (before if before is not None else this), (this if this is not None else before)
    return ((1 - share) * (low or 0.0) + share * (high or 0.0)) / 60
