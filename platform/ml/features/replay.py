"""The batch engine: the states of all entities in memory, events replayed in their order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ml.features import layout, step
from ml.features.layout import READING_WIDTH, TOUCH, Entities, Floats, Happening, Kind

_ENTITY_BITS = 52
_CLICK, _INSTALL, _LABEL = int(Kind.CLICK), int(Kind.INSTALL), int(Kind.LABEL)
_IMPRESSION = int(Kind.IMPRESSION)
_FIRST, _LAST_CLICK = layout.slot("first"), layout.slot("last_click")


class Replay:
    """The states of ``entities``; each event is read before it is counted.

    Events of several calls follow each other as if they had come in one.
    """

    def __init__(self, entities: Entities) -> None:
        self.entities = entities
        self._counted, self._carried = entities.counted(), entities.taken_over()
        self._rows: dict[int, int] = {}
        self._states = step.fresh(1024)
        self._touched_ids = np.zeros((1024, self._carried.size))
        self._touched_rows = np.full((1024, self._carried.size), -1)

    def observe(self, events: Happening) -> tuple[Floats, Floats]:
        """Readings (n x entities x ``READING_WIDTH``) and the ids after taking over (n x entities).

        An entity an event does not name reads as NaN.
        """
        readings = np.full((len(events), len(self.entities.names), READING_WIDTH), np.nan)
        ids, rows = events.ids.copy(), self._rows_of(events.ids)
        _observe(
            (events.at, events.kind, events.value, events.flagged, events.place, ids, rows),
            (self._states, self._touched_ids, self._touched_rows),
            (self._counted, self._carried),
            readings,
        )
        return readings, ids

    def _rows_of(self, ids: Floats) -> NDArray[np.int64]:
        """The row of each id, -1 for nobody; new ones get a fresh row."""
        entity = np.arange(ids.shape[1], dtype=np.int64) << _ENTITY_BITS
        keys = np.where(ids > 0, ids.astype(np.int64) | entity, -1)
        unique, places = np.unique(keys, return_inverse=True)
        known = self._rows
        found = [-1 if key < 0 else known.setdefault(key, len(known)) for key in unique.tolist()]
        self._grow(len(known))
        rows: NDArray[np.int64] = np.array(found, dtype=np.int64)[places].reshape(ids.shape)
        return rows

    def _grow(self, rows: int) -> None:
        size = len(self._states)
        if rows <= size:
            return
        more = max(rows, 2 * size) - size
        self._states = np.concatenate([self._states, step.fresh(more)])
        width = self._carried.size
        self._touched_ids = np.concatenate([self._touched_ids, np.zeros((more, width))])
        self._touched_rows = np.concatenate([self._touched_rows, np.full((more, width), -1)])


@step.compiled
def _take_over(ids: Any, rows: Any, carried: Any, touched_ids: Any, touched_rows: Any) -> None:
    """Where an event names no publisher and the like, those of the latest click hold."""
    for number in range(carried.size):
        entity = carried[number]
        if rows[entity] < 0:
            ids[entity] = touched_ids[number]
            rows[entity] = touched_rows[number]


@step.compiled
def _remember(ids: Any, rows: Any, carried: Any, touched_ids: Any, touched_rows: Any) -> None:
    for number in range(carried.size):
        touched_ids[number] = ids[carried[number]]
        touched_rows[number] = rows[carried[number]]


@step.compiled
def _about(state: Any, at: float, kind: int) -> Any:
    """Of whom an event is about: CTIT, whether they are new, whether their click still holds."""
    step.settle(state, at)
    newcomer = 1.0 if state[_FIRST] < 0 else 0.0
    clicked = state[_LAST_CLICK]
    if clicked < 0:
        return -1.0, newcomer, False
    ctit = max(at - clicked, 0.0) if kind == _INSTALL else -1.0
    carries = kind not in (_CLICK, _IMPRESSION, _LABEL)
    return ctit, newcomer, carries and at - clicked <= TOUCH


@step.compiled
def _observe(columns: Any, memory: Any, relations: Any, readings: Any) -> None:
    at, kind, value, flagged, place, ids, rows = columns
    states, touched_ids, touched_rows = memory
    counted, carried = relations
    others = np.zeros(3)
    for n in range(at.size):
        whom, ctit, newcomer = rows[n, 0], -1.0, 0.0
        if whom >= 0:
            ctit, newcomer, holds = _about(states[whom], at[n], kind[n])
            if holds:
                _take_over(ids[n], rows[n], carried, touched_ids[whom], touched_rows[whom])
        event = (at[n], kind[n], value[n], flagged[n], place[n, 0], place[n, 1], ctit, newcomer)
        for entity in range(rows.shape[1]):
            row = rows[n, entity]
            if row >= 0:
                step.settle(states[row], at[n])
                step.read(states[row], at[n], readings[n, entity])
                for number in range(3):
                    others[number] = ids[n, counted[entity, number]]
                step.count(states[row], event, others)
        if whom >= 0 and kind[n] == _CLICK:
            _remember(ids[n], rows[n], carried, touched_ids[whom], touched_rows[whom])
