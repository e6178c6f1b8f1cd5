"""What a policy would have decided on a tenant's own history, beside the one that holds. Pure.

The log is replayed as it came: each event is judged by what was known then.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

import msgspec
import numpy as np
from numpy.typing import NDArray

from eventlog.contracts import StoredEvent
from fraud.contracts import Verdict
from fraud.features import ENTITIES, FEATURES, TYPES, gather, sight, table
from fraud.features.sighting import identity
from fraud.rules import RULES, judge
from fraud.scoring.decide import Policy
from fraud.scoring.steps import Past
from ml.features import Replay
from ml.features.layout import Floats
from ml.served import Served

PART = 4_096
UNKNOWN = "(nobody's)"
MODEL_ALONE = ""
"""The kind of what no rule speaks against, but the model does."""
MOST_EXAMPLES = 10
_PUBLISHER = ENTITIES.place("publisher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Events that were not let through ``before``, and ``after``, of ``of`` events."""

    name: str
    of: int
    before: int
    after: int

    @property
    def difference(self) -> int:
        """How many more."""
        return self.after - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """An event that one policy lets through and the other does not, with both scores."""

    event: str
    at: datetime
    type: str
    subject: str
    publisher: str
    kind: str
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """``events`` judged by both policies: verdicts, rules that held, kinds, publishers, by name.

    ``newly`` were let through before and are not after; ``no_longer`` the other way round. Of each
    there are the latest examples, the newest first.
    """

    events: int
    newly: int
    no_longer: int
    verdicts: tuple[Change, ...]
    rules: tuple[Change, ...]
    kinds: tuple[Change, ...]
    publishers: tuple[Change, ...]
    gained: tuple[Example, ...]
    lost: tuple[Example, ...]


@dataclass(slots=True)
class _Tally:
    """Counts by name: of all, before, after."""

    of: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    def changes(self) -> tuple[Change, ...]:
        """By name, those with most after first; of what neither policy found, nothing."""
        found = [
            Change(name=name, of=self.of[name], before=self.before[name], after=self.after[name])
            for name in self.before.keys() | self.after.keys()
        ]
        return tuple(sorted(found, key=lambda each: (-each.after, -each.before, each.name)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Judged:
    """A part of the log by one policy: scores, whether each is held back, and its kind."""

    scores: Floats
    held: NDArray[np.bool_]
    kinds: Mapping[int, str]
    rules: Mapping[str, int]


@dataclass(slots=True)
class _Count:
    """What has been counted so far."""

    seen: int = 0
    newly: int = 0
    no_longer: int = 0
    verdicts: _Tally = field(default_factory=_Tally)
    rules: _Tally = field(default_factory=_Tally)
    kinds: _Tally = field(default_factory=_Tally)
    publishers: _Tally = field(default_factory=_Tally)
    gained: deque[Example] = field(default_factory=lambda: deque(maxlen=MOST_EXAMPLES))
    lost: deque[Example] = field(default_factory=lambda: deque(maxlen=MOST_EXAMPLES))

    def add(
        self, events: Sequence[StoredEvent], publishers: Sequence[str], before: _Judged,
        after: _Judged,
    ) -> None:  # fmt: skip
        """Count a part."""
        self.seen += len(events)
        self.publishers.of.update(publishers)
        for judged, which in ((before, "before"), (after, "after")):
            getattr(self.rules, which).update(judged.rules)
            getattr(self.kinds, which).update(judged.kinds.values())
            getattr(self.publishers, which).update(publishers[place] for place in judged.kinds)
        gained, lost = after.held & ~before.held, before.held & ~after.held
        self.newly, self.no_longer = (
            self.newly + int(gained.sum()),
            self.no_longer + int(lost.sum()),
        )
        for places, judged, kept in ((gained, after, self.gained), (lost, before, self.lost)):
            kept.extend(
                _example(events[place], publishers[place], judged.kinds[place],
                         before.scores[place], after.scores[place])
                for place in np.flatnonzero(places)[-MOST_EXAMPLES:].tolist()
            )  # fmt: skip

    def result(self) -> Backtest:
        """All of it."""
        self.verdicts.of.update(dict.fromkeys(Verdict, self.seen))
        self.rules.of.update({rule.name: self.seen for rule in RULES})
        self.kinds.of.update(dict.fromkeys([*self.kinds.before, *self.kinds.after], self.seen))
        return Backtest(
            events=self.seen, newly=self.newly, no_longer=self.no_longer,
            verdicts=self.verdicts.changes(), rules=self.rules.changes(),
            kinds=self.kinds.changes(), publishers=self.publishers.changes(),
            gained=tuple(reversed(self.gained)), lost=tuple(reversed(self.lost)),
        )  # fmt: skip


def backtest(
    events: Iterable[StoredEvent], *, since: datetime, held: Policy, tried: Policy,
    until: datetime | None = None, model: Served | None = None,
    told: Callable[[int], None] = lambda _: None,
) -> Backtest:  # fmt: skip
    """Judge what happened from ``since`` on, and before ``until``, by ``held`` and by ``tried``.

    ``events`` in the order of the log; earlier ones only count as what was before. ``model`` takes
    part in both, as it does in scores. ``told`` hears how many have been read.
    """
    replay, names, count, read = Replay(ENTITIES), {0.0: UNKNOWN}, _Count(), 0
    past = Past()
    for part in _parts(events):
        read += len(part)
        whole, ids = _features(part, replay, names)
        wanted = [
            place
            for place, each in enumerate(part)
            if since <= each.occurred_at and (until is None or each.occurred_at < until)
        ]
        if wanted:
            chances = _chances(model, past, whole, ids, np.array(wanted))
            matrix = whole[wanted]
            publishers = [names.get(who, UNKNOWN) for who in ids[wanted, _PUBLISHER].tolist()]
            before = _judged(matrix, chances, held, count.verdicts.before)
            after = _judged(matrix, chances, tried, count.verdicts.after)
            count.add([part[place] for place in wanted], publishers, before, after)
        if model and model.windowed:
            past.add(whole, ids)
        told(read)
    return count.result()


def _chances(
    model: Served | None, past: Past, matrix: Floats, ids: Floats, wanted: NDArray[np.int64]
) -> Floats | None:
    """What the model says of the rows of a part that are ``wanted``."""
    if model is None:
        return None
    windows = past.windows(matrix, ids)
    return model.judge(
        matrix[wanted], ids[wanted], lambda places: windows(wanted[places])
    ).probabilities


def _parts(events: Iterable[StoredEvent]) -> Iterator[Sequence[StoredEvent]]:
    scored = (each for each in events if each.type in TYPES)
    while part := list(islice(scored, PART)):
        yield part


def _features(
    part: Sequence[StoredEvent], replay: Replay, names: dict[float, str]
) -> tuple[Floats, Floats]:
    """Features and ids of a part; notes the names of its publishers."""
    sightings = []
    for each in part:
        body = msgspec.json.decode(each.payload)
        touch = body.get("touch")
        source = touch.get("source") if isinstance(touch, Mapping) else None
        if isinstance(source, str) and source:
            names[identity("publisher", source)] = source
        sightings.append(sight(each.type, each.subject, body, each.occurred_at))
    happening, columns = gather(sightings)
    readings, ids = replay.observe(happening)
    return FEATURES.matrix(table(columns, readings)), ids


def _judged(
    matrix: Floats, chances: Floats | None, policy: Policy, verdicts: Counter[str]
) -> _Judged:
    """A part by one policy, the model's chances beside its rules; counts the verdicts."""
    judged = judge(matrix, own=policy.thresholds)
    scores = judged.score().round()
    if chances is not None:
        scores = np.maximum(scores, (100.0 * chances).round())
    verdicts.update(str(policy.verdict(score)) for score in scores.tolist())
    held = scores >= policy.review
    by_rule = (judged.scores >= policy.review).sum(axis=0).tolist()
    return _Judged(
        scores=scores, held=held,
        kinds={place: str(judged.kind(place) or MODEL_ALONE)
               for place in np.flatnonzero(held).tolist()},
        rules={rule.name: count for rule, count in zip(RULES, by_rule, strict=True) if count},
    )  # fmt: skip


def _example(
    stored: StoredEvent, publisher: str, kind: str, before: float, after: float
) -> Example:
    return Example(
        event=str(stored.id), at=stored.occurred_at, type=stored.type, subject=stored.subject,
        publisher=publisher, kind=kind, before=int(before), after=int(after),
    )  # fmt: skip
