"""Holding events against the rules."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from fraud.contracts import EventFraud
from fraud.features import FEATURES
from fraud.rules.clauses import BELOW, UNKNOWN, Rule, Thresholds
from fraud.rules.pack import RULES
from ml.features.layout import Floats

MOST = 99.0
"""A rule is never certain."""
_PLACES = {name: place for place, name in enumerate(FEATURES.names)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """A clause that held, of an event: what was seen, and how many points it brought."""

    rule: str
    feature: str
    value: float
    threshold: float
    points: float
    says: str
    people: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Judged:
    """Events against rules: ``scores`` n x rules, 0 to 99; ``known`` where a rule could tell.

    ``matrix`` and ``own`` are what was judged, and by which of a tenant's own thresholds.
    """

    rules: Sequence[Rule]
    scores: Floats
    known: NDArray[np.bool_]
    matrix: Floats
    own: Thresholds

    def score(self) -> Floats:
        """The score of each event: that of the rule that has most against it."""
        found: Floats = self.scores.max(axis=1, initial=0.0)
        return found

    def kind(self, event: int) -> EventFraud | None:
        """The kind of fraud an event shows most clearly."""
        place = int(self.scores[event].argmax())
        return self.rules[place].kind if self.scores[event, place] > 0 else None

    def confidence(self) -> Floats:
        """The share of the rules that could tell, of each event: what is not sent is not seen."""
        share: Floats = self.known.mean(axis=1)
        return share

    def reasons(self, event: int) -> list[Reason]:
        """What the rules that hold saw, most telling first, each feature once."""
        found: dict[str, Reason] = {}
        for place in np.argsort(-self.scores[event], kind="stable").tolist():
            if self.scores[event, place] <= 0:
                break
            for reason in self._seen(self.rules[place], event):
                found.setdefault(reason.feature, reason)
        return sorted(found.values(), key=lambda reason: -reason.points)

    def _seen(self, rule: Rule, event: int) -> list[Reason]:
        seen = []
        for clause in rule.clauses:
            if not clause.points:
                continue
            value = float(self.matrix[event, _PLACES[clause.feature]])
            threshold = rule.threshold(clause, self.own)
            if clause.holds_for(value, threshold):
                seen.append(
                    Reason(
                        rule=rule.name, feature=clause.feature, value=value,
                        threshold=threshold, points=clause.points, says=clause.says,
                        people=clause.people,
                    )
                )  # fmt: skip
        return seen


def judge(
    matrix: Floats, *, own: Thresholds | None = None, rules: Sequence[Rule] = RULES
) -> Judged:
    """Hold events (n x features, as ``FEATURES.matrix`` gives them) against ``rules``."""
    own = own or {}
    laid = _laid_out(tuple(rules))
    values = matrix[:, laid.features]
    known = ~np.isnan(values)
    limits = laid.limits.copy()
    for place, key in enumerate(laid.keys):
        if key in own:
            limits[place] = own[key]
    # NaN is neither below nor at least anything.
    holds = np.where(laid.below, values < limits, np.where(laid.unknown, ~known, values >= limits))
    points = np.add.reduceat(holds * laid.points, laid.starts, axis=1)
    needed = np.logical_and.reduceat(holds | ~laid.needed, laid.starts, axis=1)
    told = np.logical_and.reduceat(known | laid.unknown | ~laid.needed, laid.starts, axis=1)
    scores = np.where(needed, np.minimum(points, MOST), 0.0)
    return Judged(rules=rules, scores=scores, known=told, matrix=matrix, own=own)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layout:
    """All clauses of some rules side by side; ``starts``: where each rule's begin."""

    features: NDArray[np.int64]
    limits: Floats
    points: Floats
    below: NDArray[np.bool_]
    unknown: NDArray[np.bool_]
    needed: NDArray[np.bool_]
    starts: NDArray[np.int64]
    keys: tuple[str, ...]


@lru_cache(maxsize=16)
def _laid_out(rules: tuple[Rule, ...]) -> _Layout:
    clauses = [(rule, clause) for rule in rules for clause in rule.clauses]
    sizes = [len(rule.clauses) for rule in rules]
    return _Layout(
        features=np.array([_PLACES[clause.feature] for _, clause in clauses], dtype=np.int64),
        limits=np.array([clause.threshold for _, clause in clauses]),
        points=np.array([clause.points for _, clause in clauses]),
        below=np.array([clause.test == BELOW for _, clause in clauses]),
        unknown=np.array([clause.test == UNKNOWN for _, clause in clauses]),
        needed=np.array([place < len(rule.needs) for rule in rules
                         for place in range(len(rule.clauses))]),
        starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.int64),
        keys=tuple(rule.key(clause) for rule, clause in clauses),
    )  # fmt: skip
