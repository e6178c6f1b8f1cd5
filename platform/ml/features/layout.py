"""The layout of an entity's state and of a reading of it: written once, for both engines.

A state is a row of numbers. The Lua of the online engine gets these places by name
(``constants``), so neither engine can mean another place by the same word.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from kernel.errors import InvalidInput

Floats = NDArray[np.float64]
NOBODY = 0.0
"""The id of an entity that an event does not name."""
LARGEST_ID = 2.0**52
"""Ids are whole numbers below this, evenly spread: doubles hold them exactly."""


class Kind(IntEnum):
    """What happened, as far as states care. ``LABEL`` tells what an earlier event was."""

    OTHER = 0
    VIEW = 1
    IMPRESSION = 2
    CLICK = 3
    INSTALL = 4
    CONVERSION = 5
    LABEL = 6


STATE = (
    "first", "last", "last_click", "last_impression", "last_install", "click_gap",
    "events", "views", "impressions", "clicks", "installs", "conversions", "revenue",
    "gaps", "gap_mean", "gap_var", "click_gaps", "click_gap_mean", "click_gap_var",
    "timed", "timed_fast", "timed_hour", "timed_late", "timed_mean",
    "labelled", "frauds", "session_start", "session_events", "sessions", "regular",
    "last_value", "same_value", "newcomers", "flagged", "latitude", "longitude", "placed",
    "hour_head", "day_head", "week_head",
)  # fmt: skip
"""The plain slots, in their order; the rings and sketches follow."""

UNSET = (
    "first", "last", "last_click", "last_impression", "last_install", "click_gap",
    "session_start", "last_value", "placed", "hour_head", "day_head", "week_head",
)  # fmt: skip
"""The slots that hold -1 until something happened."""

READING = (
    "age", "since_event", "since_click", "since_impression", "since_install", "click_gap",
    "events", "views", "impressions", "clicks", "installs", "conversions", "revenue",
    "gaps", "gap_mean", "gap_var", "click_gaps", "click_gap_mean", "click_gap_var",
    "timed", "timed_fast", "timed_hour", "timed_late", "timed_mean",
    "labelled", "frauds", "session_age", "session_events", "sessions", "regular",
    "last_value", "same_value", "newcomers", "flagged", "latitude", "longitude", "since_place",
    "hour_events", "hour_clicks", "day_events", "day_clicks", "week_events", "week_clicks",
    "distinct_a", "distinct_b", "distinct_c",
)  # fmt: skip
"""What is read of a state; NaN where it does not know."""

MINUTE, HOUR, DAY = 60.0, 3_600.0, 86_400.0
HOUR_STEP, HOUR_SIZE = 10 * MINUTE, 6
DAY_STEP, DAY_SIZE = 4 * HOUR, 6
WEEK_STEP, WEEK_SIZE = DAY, 7
SKETCH = 16
"""Fewer different ones than this are counted exactly; else the k-th smallest id gives an estimate.

Source: Bar-Yossef et al. 2002, (k - 1) / the k-th smallest of ids spread evenly over 0..1.
"""
SKETCH_SPAN = DAY
"""A sketch begins anew after so long; what is read is the larger of it and the one before."""
FORGETTING = 50.0
"""Means of gaps follow about so many of the latest."""
SESSION_GAP = 30 * MINUTE
FAST, LATE_FROM, LATE_TO = 10.0, 2 * HOUR, 24 * HOUR
REMEMBERED = 30 * DAY
"""An entity that was not seen for so long is new again."""
TOUCH = 30 * DAY
"""How long after a click what a person does is put down to where the click came from."""

PLAIN = len(STATE)
HOUR_EVENTS = PLAIN
HOUR_CLICKS = HOUR_EVENTS + HOUR_SIZE
DAY_EVENTS = HOUR_CLICKS + HOUR_SIZE
DAY_CLICKS = DAY_EVENTS + DAY_SIZE
WEEK_EVENTS = DAY_CLICKS + DAY_SIZE
WEEK_CLICKS = WEEK_EVENTS + WEEK_SIZE
SKETCHES = WEEK_CLICKS + WEEK_SIZE
SKETCH_WIDTH = SKETCH + 3
"""A sketch: when it began, what the one before came to, how many ids, the ids in order."""
STATE_WIDTH = SKETCHES + 3 * SKETCH_WIDTH
READING_WIDTH = len(READING)


def slot(name: str) -> int:
    """The place of a plain slot in a state."""
    return STATE.index(name)


class EntitiesUnusable(InvalidInput):
    """Entities that name one another wrongly."""

    code = "invalid_entities"
    title = "The entities can't be used"


@dataclass(frozen=True, slots=True)
class Entities:
    """The entities of an event by name, each with the three others it counts different ones of.

    The first is whom the event is about. ``carried`` are taken over from the latest click of the
    first where an event does not name them: an install says nothing about its publisher.
    """

    distinct: Mapping[str, tuple[str, str, str]]
    carried: Sequence[str] = ()

    def __post_init__(self) -> None:
        """Raises ``EntitiesUnusable`` for a name that is none."""
        for name in (*self.carried, *(each for trio in self.distinct.values() for each in trio)):
            if name not in self.distinct:
                raise EntitiesUnusable(f"{name!r} is no entity.")

    @property
    def names(self) -> tuple[str, ...]:
        """The entities in their order."""
        return tuple(self.distinct)

    def place(self, name: str) -> int:
        """The place of an entity."""
        return self.names.index(name)

    def counted(self) -> NDArray[np.int64]:
        """By entity, the places of the three it counts."""
        return np.array(
            [[self.place(each) for each in trio] for trio in self.distinct.values()], dtype=np.int64
        )

    def taken_over(self) -> NDArray[np.int64]:
        """The places of what is taken over from the latest click."""
        return np.array([self.place(name) for name in self.carried], dtype=np.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Happening:
    """Events in their order, in columns of length n.

    ``at``: seconds since 2000-01-01 UTC. ``kind``: ``Kind``. ``value``: of a conversion in the
    tenant's currency; of a label 1.0 for fraud, 0.0 for none. ``flagged``: 1.0 where the event
    itself looks made (an emulator, a data centre). ``place``: latitude and longitude in degrees,
    n x 2, NaN where unknown. ``ids``: n x entities, ``NOBODY`` where not named.
    """

    at: Floats
    kind: NDArray[np.int64]
    value: Floats
    flagged: Floats
    place: Floats
    ids: Floats

    def __len__(self) -> int:
        """How many events."""
        return int(self.at.size)


def constants() -> dict[str, float]:
    """Every place and setting by the name the Lua of ``online`` uses; places count from one."""
    named: dict[str, float] = {f"S_{name.upper()}": place + 1 for place, name in enumerate(STATE)}
    named |= {f"K_{kind.name}": int(kind) for kind in Kind}
    rings = {
        "HOUR_EVENTS": HOUR_EVENTS, "HOUR_CLICKS": HOUR_CLICKS, "DAY_EVENTS": DAY_EVENTS,
        "DAY_CLICKS": DAY_CLICKS, "WEEK_EVENTS": WEEK_EVENTS,
        "WEEK_CLICKS": WEEK_CLICKS, "SKETCHES": SKETCHES,
    }  # fmt: skip
    named |= {name: place + 1 for name, place in rings.items()}
    settings = {
        "PLAIN": PLAIN, "HOUR_STEP": HOUR_STEP, "HOUR_SIZE": HOUR_SIZE, "DAY_STEP": DAY_STEP,
        "DAY_SIZE": DAY_SIZE, "WEEK_STEP": WEEK_STEP, "WEEK_SIZE": WEEK_SIZE, "SKETCH": SKETCH,
        "SKETCH_SPAN": SKETCH_SPAN, "SKETCH_WIDTH": SKETCH_WIDTH, "FORGETTING": FORGETTING,
        "SESSION_GAP": SESSION_GAP, "FAST": FAST, "LATE_FROM": LATE_FROM, "LATE_TO": LATE_TO,
        "ONE_HOUR": HOUR, "REMEMBERED": REMEMBERED, "TOUCH": TOUCH, "LARGEST_ID": LARGEST_ID,
        "READING_WIDTH": READING_WIDTH, "STATE_WIDTH": STATE_WIDTH,
    }  # fmt: skip
    return named | settings
