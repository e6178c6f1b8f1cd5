"""How a state is read and counted on: one event, one entity; compiled for ``replay``.

``online.lua`` says the same in the same order of operations, so that both come to the same bits;
``tests/ml`` holds them together. Change both or neither.
"""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar, cast

import numba
import numpy as np

from ml.features import layout
from ml.features.layout import (
    DAY_CLICKS,
    DAY_EVENTS,
    DAY_SIZE,
    DAY_STEP,
    FAST,
    FORGETTING,
    HOUR,
    HOUR_CLICKS,
    HOUR_EVENTS,
    HOUR_SIZE,
    HOUR_STEP,
    LARGEST_ID,
    LATE_FROM,
    LATE_TO,
    READING,
    REMEMBERED,
    SESSION_GAP,
    SKETCH,
    SKETCH_SPAN,
    SKETCH_WIDTH,
    SKETCHES,
    STATE_WIDTH,
    WEEK_CLICKS,
    WEEK_EVENTS,
    WEEK_SIZE,
    WEEK_STEP,
    Kind,
)

_VIEW, _IMPRESSION, _CLICK = int(Kind.VIEW), int(Kind.IMPRESSION), int(Kind.CLICK)
_INSTALL, _CONVERSION, _LABEL = int(Kind.INSTALL), int(Kind.CONVERSION), int(Kind.LABEL)
_FIRST, _LAST, _LAST_CLICK = (layout.slot(name) for name in ("first", "last", "last_click"))
_LAST_IMPRESSION, _LAST_INSTALL = layout.slot("last_impression"), layout.slot("last_install")
_CLICK_GAP, _EVENTS = layout.slot("click_gap"), layout.slot("events")
_VIEWS, _IMPRESSIONS = layout.slot("views"), layout.slot("impressions")
_CLICKS, _INSTALLS = layout.slot("clicks"), layout.slot("installs")
_CONVERSIONS, _REVENUE = layout.slot("conversions"), layout.slot("revenue")
_GAPS, _CLICK_GAPS = layout.slot("gaps"), layout.slot("click_gaps")
_TIMED, _LABELLED = layout.slot("timed"), layout.slot("labelled")
_FRAUDS = layout.slot("frauds")
_SESSION_START, _SESSIONS = layout.slot("session_start"), layout.slot("sessions")
_SESSION_EVENTS, _REGULAR = layout.slot("session_events"), layout.slot("regular")
_LAST_VALUE, _SAME_VALUE = layout.slot("last_value"), layout.slot("same_value")
_NEWCOMERS, _FLAGGED = layout.slot("newcomers"), layout.slot("flagged")
_LATITUDE, _PLACED = layout.slot("latitude"), layout.slot("placed")
_HOUR_HEAD, _DAY_HEAD = layout.slot("hour_head"), layout.slot("day_head")
_WEEK_HEAD = layout.slot("week_head")
_COPIED_FROM, _COPIED_TO = READING.index("events"), READING.index("session_age")
_SINCE_PLACE = READING.index("since_place")


P = ParamSpec("P")
R = TypeVar("R")


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """``function`` in machine code, made anew by each process.

    Not kept on disk: numba would not notice that the layout, which is another file, has changed.
    """
    return cast("Callable[P, R]", numba.njit(nogil=True)(function))


def fresh(rows: int) -> Any:
    """States of entities never seen, rows x ``STATE_WIDTH``."""
    states = np.zeros((rows, STATE_WIDTH))
    states[:, [layout.slot(name) for name in layout.UNSET]] = -1.0
    for sketch in range(3):
        states[:, SKETCHES + sketch * SKETCH_WIDTH] = -1.0
    return states


BLANK = fresh(1)[0]


@compiled
def _advance(state: Any, head: int, bucket: float, ring: int, size: int, rings: int) -> None:
    """Move ``rings`` rings of ``size`` steps on to ``bucket``, in front of which all is zero."""
    before = state[head]
    if before >= 0 and bucket <= before:
        return
    moved = bucket - before if before >= 0 else float(size)
    for number in range(rings):
        start = ring + number * size
        for place in range(size - 1, -1, -1):
            source = place - moved
            state[start + place] = state[start + int(source)] if source >= 0 else 0.0
    state[head] = bucket


@compiled
def settle(state: Any, at: float) -> None:
    """Forget an entity not seen for long; move its windows on to ``at``."""
    if state[_LAST] >= 0 and at - state[_LAST] > REMEMBERED:
        state[:] = BLANK
    _advance(state, _HOUR_HEAD, np.floor(at / HOUR_STEP), HOUR_EVENTS, HOUR_SIZE, 2)
    _advance(state, _DAY_HEAD, np.floor(at / DAY_STEP), DAY_EVENTS, DAY_SIZE, 2)
    _advance(state, _WEEK_HEAD, np.floor(at / WEEK_STEP), WEEK_EVENTS, WEEK_SIZE, 2)
    for number in range(3):
        sketch = SKETCHES + number * SKETCH_WIDTH
        began = np.floor(at / SKETCH_SPAN)
        if began > state[sketch]:
            follows = began - state[sketch] == 1.0
            state[sketch + 1] = _different(state, sketch) if follows else 0.0
            state[sketch] = began
            state[sketch + 2] = 0.0


@compiled
def _different(state: Any, sketch: int) -> float:
    """How many different ids a sketch saw."""
    count = int(state[sketch + 2])
    if count < SKETCH:
        return float(count)
    kth: float = state[sketch + 2 + SKETCH]
    return (SKETCH - 1.0) / (kth / LARGEST_ID)


@compiled
def _saw(state: Any, sketch: int, who: float) -> None:
    """Add an id to a sketch: the smallest, in order, each once."""
    count = int(state[sketch + 2])
    ids = sketch + 3
    if count == SKETCH and who >= state[ids + SKETCH - 1]:
        return
    place = 0
    while place < count and state[ids + place] < who:
        place += 1
    if place < count and state[ids + place] == who:
        return
    last = count if count < SKETCH else SKETCH - 1
    for moved in range(last, place, -1):
        state[ids + moved] = state[ids + moved - 1]
    state[ids + place] = who
    if count < SKETCH:
        state[sketch + 2] = count + 1.0


@compiled
def _since(at: float, then: float) -> float:
    return at - then if then >= 0 else np.nan


@compiled
def _total(state: Any, ring: int, size: int) -> float:
    total = 0.0
    for place in range(size):
        total += state[ring + place]
    return total


@compiled
def read(state: Any, at: float, reading: Any) -> None:
    """Write what a settled ``state`` says at ``at`` into ``reading``."""
    reading[0] = _since(at, state[_FIRST])
    reading[1] = _since(at, state[_LAST])
    reading[2] = _since(at, state[_LAST_CLICK])
    reading[3] = _since(at, state[_LAST_IMPRESSION])
    reading[4] = _since(at, state[_LAST_INSTALL])
    reading[5] = state[_CLICK_GAP] if state[_CLICK_GAP] >= 0 else np.nan
    for place in range(_COPIED_FROM, _COPIED_TO):
        reading[place] = state[place]
    reading[_COPIED_TO] = _since(at, state[_SESSION_START])
    for place in range(_COPIED_TO + 1, _SINCE_PLACE):
        reading[place] = state[place]
    if state[_LAST_VALUE] < 0:
        reading[_LAST_VALUE] = np.nan
    if state[_PLACED] < 0:
        reading[_LATITUDE] = np.nan
        reading[_LATITUDE + 1] = np.nan
    place = _SINCE_PLACE
    reading[place] = _since(at, state[_PLACED])
    reading[place + 1] = _total(state, HOUR_EVENTS, HOUR_SIZE)
    reading[place + 2] = _total(state, HOUR_CLICKS, HOUR_SIZE)
    reading[place + 3] = _total(state, DAY_EVENTS, DAY_SIZE)
    reading[place + 4] = _total(state, DAY_CLICKS, DAY_SIZE)
    reading[place + 5] = _total(state, WEEK_EVENTS, WEEK_SIZE)
    reading[place + 6] = _total(state, WEEK_CLICKS, WEEK_SIZE)
    for number in range(3):
        sketch = SKETCHES + number * SKETCH_WIDTH
        reading[place + 7 + number] = max(_different(state, sketch), state[sketch + 1])


@compiled
def _count(state: Any, head: int, bucket: float, ring: int, size: int) -> None:
    late = state[head] - bucket
    if late < size:
        state[ring + int(late)] += 1.0


@compiled
def _follow(state: Any, slot: int, gap: float) -> None:
    """Count on a mean and a variance that follow the latest gaps."""
    state[slot] = min(state[slot] + 1.0, FORGETTING)
    off = gap - state[slot + 1]
    state[slot + 1] += off / state[slot]
    state[slot + 2] += (off * (gap - state[slot + 1]) - state[slot + 2]) / state[slot]


@compiled
def _pace(state: Any, at: float) -> None:
    """Gaps and sessions."""
    if state[_LAST] >= 0:
        gap = max(at - state[_LAST], 0.0)
        mean = state[_GAPS + 1]
        if state[_GAPS] >= 2 and abs(gap - mean) <= 0.1 * mean:
            state[_REGULAR] += 1.0
        _follow(state, _GAPS, gap)
    if state[_LAST] < 0 or at - state[_LAST] > SESSION_GAP:
        state[_SESSION_START] = at
        state[_SESSION_EVENTS] = 0.0
        state[_SESSIONS] += 1.0
    state[_SESSION_EVENTS] += 1.0
    if state[_FIRST] < 0:
        state[_FIRST] = at
    state[_LAST] = max(state[_LAST], at)
    state[_EVENTS] += 1.0


@compiled
def _clicked(state: Any, at: float, hour: float, day: float, week: float) -> None:
    if state[_LAST_CLICK] >= 0:
        gap = max(at - state[_LAST_CLICK], 0.0)
        state[_CLICK_GAP] = gap
        _follow(state, _CLICK_GAPS, gap)
    state[_LAST_CLICK] = max(state[_LAST_CLICK], at)
    state[_CLICKS] += 1.0
    _count(state, _HOUR_HEAD, hour, HOUR_CLICKS, HOUR_SIZE)
    _count(state, _DAY_HEAD, day, DAY_CLICKS, DAY_SIZE)
    _count(state, _WEEK_HEAD, week, WEEK_CLICKS, WEEK_SIZE)


@compiled
def _installed(state: Any, at: float, ctit: float) -> None:
    state[_LAST_INSTALL] = max(state[_LAST_INSTALL], at)
    state[_INSTALLS] += 1.0
    if ctit >= 0:
        state[_TIMED] += 1.0
        if ctit < FAST:
            state[_TIMED + 1] += 1.0
        if ctit < HOUR:
            state[_TIMED + 2] += 1.0
        if LATE_FROM <= ctit < LATE_TO:
            state[_TIMED + 3] += 1.0
        state[_TIMED + 4] += (ctit - state[_TIMED + 4]) / min(state[_TIMED], FORGETTING)


@compiled
def _bought(state: Any, value: float) -> None:
    state[_CONVERSIONS] += 1.0
    if value > 0:
        state[_REVENUE] += value
        if value == state[_LAST_VALUE]:
            state[_SAME_VALUE] += 1.0
        state[_LAST_VALUE] = value


@compiled
def _happened(state: Any, event: Any, hour: float, day: float, week: float) -> None:
    """What only counts for one kind of event."""
    at, kind = event[0], event[1]
    if kind == _VIEW:
        state[_VIEWS] += 1.0
    elif kind == _IMPRESSION:
        state[_LAST_IMPRESSION] = max(state[_LAST_IMPRESSION], at)
        state[_IMPRESSIONS] += 1.0
    elif kind == _CLICK:
        _clicked(state, at, hour, day, week)
    elif kind == _INSTALL:
        _installed(state, at, event[6])
    elif kind == _CONVERSION:
        _bought(state, event[2])


@compiled
def count(state: Any, event: Any, others: Any) -> None:
    """Count an event into a settled ``state``; ``others`` are the three ids it tells apart.

    ``event``: at, kind, value, flagged, latitude, longitude, CTIT (-1 where there is none), whether
    the person is new.
    """
    at, kind, value, flagged, latitude, longitude, _, newcomer = event
    if kind == _LABEL:
        state[_LABELLED] += 1.0
        state[_FRAUDS] += value
        return
    _pace(state, at)
    hour, day = np.floor(at / HOUR_STEP), np.floor(at / DAY_STEP)
    week = np.floor(at / WEEK_STEP)
    _count(state, _HOUR_HEAD, hour, HOUR_EVENTS, HOUR_SIZE)
    _count(state, _DAY_HEAD, day, DAY_EVENTS, DAY_SIZE)
    _count(state, _WEEK_HEAD, week, WEEK_EVENTS, WEEK_SIZE)
    _happened(state, event, hour, day, week)
    state[_NEWCOMERS] += newcomer
    state[_FLAGGED] += flagged
    if not np.isnan(latitude):
        state[_LATITUDE] = latitude
        state[_LATITUDE + 1] = longitude
        state[_PLACED] = at
    for number in range(3):
        if others[number] > 0:
            _saw(state, SKETCHES + number * SKETCH_WIDTH, others[number])
