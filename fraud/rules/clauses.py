"""What rules are made of."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fraud.contracts import EventFraud
from fraud.features import FEATURES
from kernel.errors import InvalidInput

Thresholds = Mapping[str, float]
"""A tenant's own thresholds by the clause's ``key``; the pack's hold for the others."""
BELOW, AT_LEAST, UNKNOWN = "below", "at least", "unknown"


class RuleUnusable(InvalidInput):
    """A rule about a feature there is not, or that decides nothing."""

    code = "invalid_rule"
    title = "The rule can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A feature on one side of a threshold; ``points`` are what it is worth, 0 to 100.

    ``says`` puts the value into words (``{value}``), ``people`` what is usual of people.
    """

    feature: str
    test: str
    threshold: float = 0.0
    points: float = 0.0
    says: str = ""
    people: str = ""

    def __post_init__(self) -> None:
        """Raises ``RuleUnusable``."""
        if self.feature not in FEATURES.names:
            raise RuleUnusable(f"There is no feature {self.feature!r}.")

    def holds_for(self, value: float, threshold: float) -> bool:
        """Whether it holds; what is not known (NaN) fulfils nothing but ``UNKNOWN``."""
        if self.test == UNKNOWN:
            return math.isnan(value)
        return value < threshold if self.test == BELOW else value >= threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A kind of fraud that an event shows when all of ``needs`` hold.

    The score is the sum of the points of what holds, at most 99. ``source`` says where the
    thresholds come from.
    """

    name: str
    kind: EventFraud
    source: str
    needs: tuple[Clause, ...]
    supports: tuple[Clause, ...] = ()

    def __post_init__(self) -> None:
        """Raises ``RuleUnusable``."""
        if not sum(clause.points for clause in self.needs) > 0:
            raise RuleUnusable(f"The rule {self.name!r} decides nothing.")

    @property
    def clauses(self) -> tuple[Clause, ...]:
        """All clauses, those it needs first."""
        return (*self.needs, *self.supports)

    def key(self, clause: Clause) -> str:
        """What a tenant's own threshold of a clause goes by."""
        return f"{self.name}.{clause.feature}.{clause.test.replace(' ', '_')}"

    def threshold(self, clause: Clause, own: Thresholds) -> float:
        """The threshold that holds."""
        return own.get(self.key(clause), clause.threshold)
