"""From features to a verdict. Pure: the same features and policy give the same decision."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from fraud.contracts import EventFraud, Scored, ScoredReason, Verdict
from fraud.features import FEATURES
from fraud.rules import VERSION, Reason, judge
from fraud.rules.words import NAMES, sentence
from kernel.errors import InvalidInput
from ml.features.layout import Floats

MOST_REASONS = 6
RECOMMENDATIONS: Mapping[Verdict, str] = {
    Verdict.ALLOW: "Nothing to do.",
    Verdict.REVIEW: "Have somebody look before it is paid for.",
    Verdict.BLOCK: "Do not pay for it.",
}
FEATURES_VERSION = blake2b("\n".join(FEATURES.names).encode(), digest_size=4).hexdigest()
"""Names the set of features a decision was made from."""


class PolicyUnusable(InvalidInput):
    """Limits that are no scores, or the wrong way round."""

    code = "invalid_policy"
    title = "The policy can't be used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """From ``review`` on somebody looks, from ``block`` on nobody has to; 0 to 100.

    ``on``: events are scored as they come. ``thresholds``: the tenant's own, by ``Rule.key``.
    """

    on: bool = False
    review: int = 60
    block: int = 80
    thresholds: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Raises ``PolicyUnusable``."""
        if not 1 <= self.review <= self.block <= 100:
            raise PolicyUnusable("Review begins between 1 and 100, and block not before it.")
        if not all(map(math.isfinite, self.thresholds.values())):
            raise PolicyUnusable("A threshold is a number.")

    def verdict(self, score: float) -> Verdict:
        """What becomes of a score."""
        if score >= self.block:
            return Verdict.BLOCK
        return Verdict.REVIEW if score >= self.review else Verdict.ALLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What was found of an event; ``confidence`` is the share of rules that could tell."""

    score: int
    confidence: float
    verdict: Verdict
    kind: EventFraud | None
    reasons: tuple[Reason, ...]
    features: Mapping[str, float]

    def document(self) -> dict[str, object]:
        """The decision as the API tells it."""
        return {
            "score": self.score,
            "confidence": round(self.confidence, 3),
            "verdict": str(self.verdict),
            "kind": None if self.kind is None else str(self.kind),
            "kind_name": None if self.kind is None else NAMES[self.kind],
            "reasons": [
                {
                    "rule": each.rule, "feature": each.feature, "value": each.value,
                    "threshold": each.threshold, "points": each.points, "text": sentence(each),
                }
                for each in self.reasons
            ],
            "recommendation": RECOMMENDATIONS[self.verdict],
        }  # fmt: skip

    def record(self, event: str, type: str, policy: Policy) -> Scored:
        """The decision on ``event`` by ``policy`` as the log keeps it."""
        return Scored(
            event=event, type=type, score=self.score, confidence=self.confidence,
            verdict=self.verdict, kind=self.kind, features=dict(self.features),
            reasons=tuple(
                ScoredReason(rule=each.rule, feature=each.feature, value=each.value,
                             threshold=each.threshold, points=each.points)
                for each in self.reasons
            ),
            rules=VERSION, features_version=FEATURES_VERSION, review=policy.review,
            block=policy.block, thresholds=dict(policy.thresholds),
        )  # fmt: skip


def decide(matrix: Floats, policy: Policy, *, explain_all: bool = True) -> list[Decision]:
    """The decisions on events, n x features as ``FEATURES.matrix`` gives them.

    Without ``explain_all`` those that are to allow say neither reasons nor features: nobody keeps
    them.
    """
    judged = judge(matrix, own=policy.thresholds)
    made, sure = [], judged.confidence().tolist()
    for place, score in enumerate(judged.score().round().tolist()):
        verdict = policy.verdict(score)
        told = explain_all or verdict is not Verdict.ALLOW
        made.append(
            Decision(
                score=int(score), verdict=verdict, confidence=sure[place],
                kind=judged.kind(place) if score else None,
                reasons=tuple(judged.reasons(place)[:MOST_REASONS]) if told else (),
                features=_known(matrix[place]) if told else {},
            )
        )  # fmt: skip
    return made


def again(record: Scored) -> Decision:
    """A decision made once more from its record: the same to the bit.

    Raises ``PolicyUnusable`` where it was made from other features or by another rule pack.
    """
    if (record.rules, record.features_version) != (VERSION, FEATURES_VERSION):
        raise PolicyUnusable("The record was made by another version of rules or features.")
    row = [record.features.get(name, float("nan")) for name in FEATURES.names]
    policy = Policy(review=record.review, block=record.block, thresholds=record.thresholds)
    return decide(np.array([row]), policy)[0]


def _known(row: Floats) -> dict[str, float]:
    """What is known: NaN is what nobody knows."""
    values: Sequence[float] = row.tolist()
    pairs = zip(FEATURES.names, values, strict=True)
    return {name: value for name, value in pairs if not math.isnan(value)}
