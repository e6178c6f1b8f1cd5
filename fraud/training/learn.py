"""A tenant's history as examples: every event with what was known when it came, and its label.

Pure. The order is the order of knowing: what came live when it was recorded, what a file told when
it happened, a label when it was said. So no example sees its own label, or one said later.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import numpy as np
from numpy.typing import NDArray

from eventlog.contracts import StoredEvent
from fraud.features import ENTITIES, FEATURES, TYPES, gather, sight, table
from fraud.features.sighting import COLUMNS, EPOCH, Sighting
from fraud.rules import judge
from fraud.scoring.steps import STEPS, SUBJECT, steps
from ingest.wire import SOURCES
from ml.features import Happening, Kind, Replay
from ml.features.layout import Floats
from ml.sequence.windows import Histories, Single, previous
from ml.training.examples import Context, Examples

PART = 4_096
Ints = NDArray[np.int64]
LABELLED, WITHDRAWN = "fraud.labelled", "fraud.label_withdrawn"
UNTOLD = -1.0
_FIELDS = ("at", "kind", "value", "flagged", "place", "ids")
_UNSAID = (float("nan"),) * len(COLUMNS)
_NOWHERE = (float("nan"), float("nan"))
COVERED = 0.5
"""Of the events, the share with a label from which on those without are left out."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Learned:
    """Examples with what they are: ids, kinds said (or empty), and how many honest are presumed."""

    examples: Examples
    events: tuple[UUID, ...]
    kinds: tuple[str, ...]
    presumed: int
    read: int


@dataclass(slots=True)
class _Columns:
    """A part of the log in columns, in the order it was read."""

    happening: list[Happening] = field(default_factory=list)
    said: list[Floats] = field(default_factory=list)
    known: list[Floats] = field(default_factory=list)

    def add(self, sightings: Sequence[Sighting], known: Sequence[float]) -> None:
        """Keep what was seen, and when it was known."""
        happening, columns = gather(sightings)
        self.happening.append(happening)
        self.said.append(np.stack([columns[name] for name in COLUMNS], axis=1))
        self.known.append(np.array(known))


def learn(
    events: Iterable[StoredEvent], *, only: frozenset[str] = frozenset(), histories: bool = False
) -> Learned:
    """Examples of a log; ``only`` keeps events of these types alone (all count as what was before).

    With ``histories`` the examples come with whom they are about and what those did before: 200
    bytes more for every event of the log.

    Where less than ``COVERED`` of the events is labelled, an event without a label and with nothing
    against it by the rules is presumed honest, from the first labelled event on.
    """
    columns, names, types, labels = _Columns(), [], [], _Labels()
    for part in _parts(events):
        sightings, known = [], []
        for stored in part:
            if stored.type == WITHDRAWN:
                labels.withdraw(stored)
                continue
            body = msgspec.json.decode(stored.payload)
            if stored.type == LABELLED:
                labels.say(stored, body)
                sightings.append(_word(stored, body))
            else:
                sightings.append(sight(stored.type, stored.subject, body, stored.occurred_at))
            names.append(stored.id)
            types.append(stored.type)
            known.append(_known(stored))
        if sightings:
            columns.add(sightings, known)
    return _examples(columns, names, types, labels.held(), only, histories)


def _parts(events: Iterable[StoredEvent]) -> Iterator[list[StoredEvent]]:
    wanted, part = {*TYPES, LABELLED, WITHDRAWN}, []
    for stored in events:
        if stored.type in wanted:
            part.append(stored)
        if len(part) == PART:
            yield part
            part = []
    if part:
        yield part


@dataclass(slots=True)
class _Labels:
    """What was said of each event, by whom."""

    words: dict[UUID, dict[str, tuple[bool, str]]] = field(default_factory=dict)

    def say(self, stored: StoredEvent, body: Mapping[str, Any]) -> None:
        """Keep a word; the later one of somebody replaces the earlier."""
        said = self.words.setdefault(UUID(body["event"]), {})
        said.pop(body["actor"], None)
        said[body["actor"]] = (bool(body["fraud"]), body.get("kind") or "")

    def withdraw(self, stored: StoredEvent) -> None:
        """Forget a word that was taken back."""
        body = msgspec.json.decode(stored.payload)
        self.words.get(UUID(body["event"]), {}).pop(body["actor"], None)

    def held(self) -> dict[UUID, tuple[float, str]]:
        """By event, its truth and kind: what most said; between as many, the latest word."""
        found = {}
        for event, said in self.words.items():
            if said:
                votes, last = list(said.values()), list(said.values())[-1]
                tally = sum(1 if fraud else -1 for fraud, _ in votes)
                fraud = last[0] if tally == 0 else tally > 0
                kinds = [kind for is_fraud, kind in votes if is_fraud and kind]
                found[event] = (float(fraud), kinds[-1] if fraud and kinds else "")
        return found


def _word(stored: StoredEvent, body: Mapping[str, Any]) -> Sighting:
    """A label as the states count it: for whom the labelled event counted."""
    return label_sighting(body["entities"], bool(body["fraud"]), stored.occurred_at)


def label_sighting(entities: Mapping[str, float], fraud: bool, at: datetime) -> Sighting:
    """What a label says to the states of ``entities``, by both engines."""
    return Sighting(
        at=at.timestamp() - EPOCH, kind=Kind.LABEL, value=float(fraud), flagged=0.0,
        place=_NOWHERE, ids=tuple(entities.get(name, 0.0) for name in ENTITIES.names),
        said=_UNSAID,
    )  # fmt: skip


def _known(stored: StoredEvent) -> float:
    """When it was known: see the module."""
    live = stored.source in SOURCES
    return (stored.recorded_at if live else stored.occurred_at).timestamp() - EPOCH


def _examples(
    columns: _Columns, names: Sequence[UUID], types: Sequence[str],
    labels: Mapping[UUID, tuple[float, str]], only: frozenset[str], histories: bool,
) -> Learned:  # fmt: skip
    known = np.concatenate([np.empty(0), *columns.known])
    order = np.argsort(known, kind="stable")
    truth = np.array([labels.get(name, (UNTOLD, ""))[0] for name in names])
    event = np.array(
        [each != LABELLED and (not only or each in only) for each in types], dtype=bool
    )
    truth[~event] = UNTOLD
    told = int((truth != UNTOLD).sum())
    presumed = np.zeros(event.size, dtype=bool)
    if told < COVERED * int(event.sum()):
        # Of what happened before anybody looked, nobody knows.
        presumed = event & (known >= known[truth != UNTOLD].min(initial=np.inf))
    rows, matrix, context = _replayed(columns, order, truth, presumed, event & histories)
    truths = np.maximum(truth[rows], 0.0)
    at = np.maximum.accumulate(known[rows]) if rows.size else np.empty(0)
    return Learned(
        examples=Examples(
            names=FEATURES.names, matrix=matrix, truth=truths, at=at,
            context=context if histories else None,
        ),
        events=tuple(names[row] for row in rows.tolist()),
        kinds=tuple(labels.get(names[row], (0.0, ""))[1] for row in rows.tolist()),
        presumed=int((truth[rows] == UNTOLD).sum()), read=int(event.sum()),
    )  # fmt: skip


def _replayed(
    columns: _Columns, order: Ints, truth: Floats, presumed: NDArray[np.bool_],
    remembered: NDArray[np.bool_],
) -> tuple[Ints, Floats, Context]:  # fmt: skip
    """The places of the examples, their features and context; all are replayed in ``order``.

    ``remembered`` are the events that count as what somebody did.
    """
    kept = _Kept()
    if not order.size:
        return kept.rows(), kept.features(), kept.context()
    whole, said = _joined(columns.happening), np.concatenate(columns.said)
    replay = Replay(ENTITIES)
    for start in range(0, order.size, PART):
        part = order[start : start + PART]
        readings, ids = replay.observe(_of(whole, part))
        wanted = (truth[part] != UNTOLD) | presumed[part]
        needed = wanted | remembered[part]
        if not needed.any():
            continue
        part, readings, ids, wanted = part[needed], readings[needed], ids[needed], wanted[needed]
        found = FEATURES.matrix(
            table({name: said[part, place] for place, name in enumerate(COLUMNS)}, readings)
        )
        clean = truth[part] != UNTOLD
        clean[wanted] |= judge(found[wanted]).score() <= 0.0
        kept.add(part, found, ids, examples=wanted & clean, events=remembered[part])
    return kept.rows(), kept.features(), kept.context()


@dataclass(slots=True)
class _Kept:
    """What a replay leaves behind: examples, and the steps of all that happened."""

    places: list[Ints] = field(default_factory=list)
    matrices: list[Floats] = field(default_factory=list)
    ids: list[Floats] = field(default_factory=list)
    own: list[Ints] = field(default_factory=list)
    steps: list[Single] = field(default_factory=list)
    subjects: list[Floats] = field(default_factory=list)
    happened: int = 0

    def add(
        self, part: Ints, found: Floats, ids: Floats, *, examples: NDArray[np.bool_],
        events: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        """Keep the rows that are ``examples``, and the steps of those that are ``events``."""
        self.places.append(part[examples])
        self.matrices.append(found[examples])
        self.ids.append(ids[examples])
        self.own.append((self.happened + np.cumsum(events) - 1)[examples])
        self.steps.append(steps(found[events]))
        self.subjects.append(ids[events, SUBJECT])
        self.happened += int(events.sum())

    def rows(self) -> Ints:
        """The places of the examples in the order they were read."""
        return np.concatenate([np.empty(0, dtype=np.int64), *self.places])

    def features(self) -> Floats:
        """Their features."""
        return np.concatenate([np.empty((0, len(FEATURES))), *self.matrices])

    def context(self) -> Context:
        """Whom they are about, and what those did before."""
        width = np.empty((0, len(STEPS)), dtype=np.float32)
        return Context(
            ids=np.concatenate([np.empty((0, len(ENTITIES.names))), *self.ids]),
            histories=Histories(
                names=STEPS, steps=np.concatenate([width, *self.steps]),
                before=previous(np.concatenate([np.empty(0), *self.subjects])),
            ),
            places=np.concatenate([np.empty(0, dtype=np.int64), *self.own]),
        )  # fmt: skip


def _joined(parts: Sequence[Happening]) -> Happening:
    return Happening(
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in _FIELDS}
    )


def _of(whole: Happening, rows: NDArray[np.int64]) -> Happening:
    return Happening(**{name: getattr(whole, name)[rows] for name in _FIELDS})
