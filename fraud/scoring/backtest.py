"""What a policy would have decided on a tenant's own history, beside the one that holds. Pure.

The log is replayed as it came: each event is judged by what was known then.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from ml.features import Replay
from ml.features.layout import Floats

PART = 4_096
UNKNOWN = "(nobody's)"
_PUBLISHER = ENTITIES.place("publisher")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Events that were not let through ``before``, and ``after``, of ``of`` events."""

    name: str
    of: int
    before: int
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """``events`` judged by both policies: verdicts, rules that held, publishers, by name.

    ``newly`` were let through before and are not after; ``no_longer`` the other way round.
    """

    events: int
    newly: int
    no_longer: int
    verdicts: tuple[Change, ...]
    rules: tuple[Change, ...]
    publishers: tuple[Change, ...]


@dataclass(slots=True)
class _Tally:
    """Counts by name: of all, before, after."""

    of: Counter[str]
    before: Counter[str]
    after: Counter[str]

    @classmethod
    def empty(cls) -> "_Tally":
        """Nothing counted yet."""
        return cls(Counter(), Counter(), Counter())

    def changes(self) -> tuple[Change, ...]:
        """By name, those with most after first; of what neither policy found, nothing."""
        found = [
            Change(name=name, of=self.of[name], before=self.before[name], after=self.after[name])
            for name in self.before.keys() | self.after.keys()
        ]
        return tuple(sorted(found, key=lambda each: (-each.after, -each.before, each.name)))


def backtest(
    events: Iterable[StoredEvent], *, since: datetime, held: Policy, tried: Policy,
    told: Callable[[int], None] = lambda _: None,
) -> Backtest:  # fmt: skip
    """Judge what happened from ``since`` on by ``held`` and by ``tried``.

    ``events`` in the order of the log; earlier ones only count as what was before. ``told`` hears
    how many have been read.
    """
    replay, names = Replay(ENTITIES), {0.0: UNKNOWN}
    verdicts, rules, publishers = _Tally.empty(), _Tally.empty(), _Tally.empty()
    seen = newly = no_longer = read = 0
    for part in _parts(events):
        read += len(part)
        matrix, ids = _features(part, replay, names)
        late = np.array([each.occurred_at >= since for each in part], dtype=bool)
        matrix, ids = matrix[late], ids[late]
        before, after = (
            _judged(matrix, held, verdicts.before),
            _judged(matrix, tried, verdicts.after),
        )
        _count_rules(matrix, held, rules.before)
        _count_rules(matrix, tried, rules.after)
        of = [names.get(who, UNKNOWN) for who in ids[:, _PUBLISHER].tolist()]
        publishers.of.update(of)
        publishers.before.update(name for name, false in zip(of, before, strict=True) if false)
        publishers.after.update(name for name, false in zip(of, after, strict=True) if false)
        seen += len(matrix)
        newly += int((after & ~before).sum())
        no_longer += int((before & ~after).sum())
        told(read)
    verdicts.of.update(dict.fromkeys(Verdict, seen))
    rules.of.update({rule.name: seen for rule in RULES})
    return Backtest(
        events=seen, newly=newly, no_longer=no_longer, verdicts=verdicts.changes(),
        rules=rules.changes(), publishers=publishers.changes(),
    )  # fmt: skip


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


def _judged(matrix: Floats, policy: Policy, verdicts: Counter[str]) -> NDArray[np.bool_]:
    """Whether each event is not simply let through; counts the verdicts."""
    scores = judge(matrix, own=policy.thresholds).score().round()
    verdicts.update(str(policy.verdict(score)) for score in scores.tolist())
    return scores >= policy.review


def _count_rules(matrix: Floats, policy: Policy, rules: Counter[str]) -> None:
    scores = judge(matrix, own=policy.thresholds).scores
    for rule, count in zip(RULES, (scores >= policy.review).sum(axis=0).tolist(), strict=True):
        if count:
            rules[rule.name] += count
