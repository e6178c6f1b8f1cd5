"""How sensitive the watch is: one word for the size of every detector's test. Pure.

A detector accuses an honest operator with a chance of its ``SIZE`` for each interval it judges. The
levels multiply it: *low* by a thirtieth, *high* by thirty. The sizes are set for ten operators; for
more they shrink with the number, so that a market twice as large has no more false alarms in all
(Bonferroni). A limit in standard deviations is moved to where the normal tail is so much larger.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from scipy import stats

from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Kind

FACTORS = {Level.LOW: 1 / 30, Level.NORMAL: 1.0, Level.HIGH: 30.0}
"""What a level multiplies the size of each test by."""
OPERATORS = 10
"""Operators for which the detectors' sizes are set."""
_MOST = 0.1


@dataclass(frozen=True, slots=True)
class Strictness:
    """A level among so many operators."""

    level: Level = Level.NORMAL
    operators: int = OPERATORS

    @property
    def factor(self) -> float:
        """What the size of a test is multiplied by."""
        return FACTORS[self.level] * min(1.0, OPERATORS / max(self.operators, 1))

    def size(self, normal: float) -> float:
        """The size of a test that is ``normal`` otherwise; a level raises it to a tenth at most."""
        return min(normal * self.factor, max(normal, _MOST))

    def deviations(self, normal: float) -> float:
        """The limit of a score in standard deviations."""
        return float(stats.norm.isf(self.size(float(stats.norm.sf(normal)))))

    def rate(self, per_year: float) -> float:
        """False alarms of one operator that are accepted in a year."""
        return per_year * self.factor


@dataclass(frozen=True, slots=True)
class Levels:
    """What was chosen: by operator and kind, the kind empty for all of them."""

    chosen: Mapping[tuple[str, str], Level] = field(default_factory=dict)

    def of(self, operator: str, kind: Kind) -> Level:
        """The level for one kind at one operator: its own, the operator's, or normal."""
        whole = self.chosen.get((operator, ""), Level.NORMAL)
        return self.chosen.get((operator, str(kind)), whole)
