"""The rule pack: ten kinds of fraud by published thresholds, each of which a tenant may move.

A rule needs all of its clauses and gains points by supporting ones; what held is the explanation.
Pure: columns in, strengths out.
"""

from fraud.rules.clauses import Clause, Rule, Thresholds
from fraud.rules.judge import Judged, Reason, judge
from fraud.rules.pack import RULES, VERSION

__all__ = ["RULES", "VERSION", "Clause", "Judged", "Reason", "Rule", "Thresholds", "judge"]
