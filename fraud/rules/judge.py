"""Holding events against the rules."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fraud.contracts import EventFraud
from fraud.features import FEATURES
from fraud.rules.clauses import UNKNOWN, Rule, Thresholds
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

    def confidence(self, event: int) -> float:
        """The share of the rules that could tell: what is not sent can't be looked at."""
        return float(self.known[event].mean())

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
            value = self.matrix[event, _PLACES[clause.feature]]
            threshold = rule.threshold(clause, self.own)
            if clause.points and clause.holds(np.array([value]), threshold)[0]:
                seen.append(
                    Reason(
                        rule=rule.name, feature=clause.feature, value=float(value),
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
    scores, known = np.zeros((len(matrix), len(rules))), np.zeros((len(matrix), len(rules)), bool)
    for place, rule in enumerate(rules):
        needed, points = np.ones(len(matrix), dtype=bool), np.zeros(len(matrix))
        told = np.ones(len(matrix), dtype=bool)
        for clause in rule.clauses:
            values = matrix[:, _PLACES[clause.feature]]
            holds = clause.holds(values, rule.threshold(clause, own))
            points += holds * clause.points
            if clause in rule.needs:
                needed &= holds
                told &= holds | ~np.isnan(values) | (clause.test == UNKNOWN)
        scores[:, place] = np.where(needed, np.minimum(points, MOST), 0.0)
        known[:, place] = told
    return Judged(rules=rules, scores=scores, known=known, matrix=matrix, own=own)
