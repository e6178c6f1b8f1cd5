"""From features to a verdict. Pure: the same features and policy give the same decision."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from fraud.contracts import EventFraud, Scored, ScoredContribution, ScoredReason, Verdict
from fraud.features import ENTITIES, FEATURES
from fraud.rules import VERSION, Judged, Reason, judge
from fraud.rules.words import NAMES, contribution_sentence, sentence
from kernel.errors import InvalidInput
from ml.features.layout import Floats
from ml.trees import Forest

MOST_REASONS = 6
MOST_CONTRIBUTIONS = 8
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
    """What was found of an event; ``confidence`` is the share of rules that could tell.

    ``probability`` and ``contributions`` are those of ``model``, where the tenant has one.
    """

    score: int
    confidence: float
    verdict: Verdict
    kind: EventFraud | None
    reasons: tuple[Reason, ...]
    features: Mapping[str, float]
    model: str = ""
    probability: float | None = None
    contributions: tuple[ScoredContribution, ...] = ()
    entities: Mapping[str, float] = field(default_factory=dict)

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
            "model": self.model,
            "probability": self.probability,
            "contributions": [
                {
                    "feature": each.feature, "value": each.value, "added": each.added,
                    "low": each.low, "high": each.high, "text": contribution_sentence(each),
                }
                for each in self.contributions
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
            block=policy.block, thresholds=dict(policy.thresholds), model=self.model,
            probability=self.probability,
            # Where rules give reasons, what moved the model is made again when somebody asks.
            contributions=() if self.reasons else self.contributions,
            entities=dict(self.entities),
        )  # fmt: skip


def decide(
    matrix: Floats, policy: Policy, *, model: Forest | None = None, ids: Floats | None = None,
    explain_all: bool = True,
) -> list[Decision]:  # fmt: skip
    """The decisions on events, n x features as ``FEATURES.matrix`` gives them.

    The score is the rules' or ``model``'s, whichever has more against the event. ``ids`` (n x
    entities) are kept with what is decided. Without ``explain_all`` nothing is told that nobody
    keeps: of those that are to allow neither reasons nor features, of those with reasons no
    contributions.
    """
    judged = judge(matrix, own=policy.thresholds)
    chances = None if model is None else model.probabilities(matrix)
    return explained(judged, chances, policy, model=model, ids=ids, explain_all=explain_all)


def explained(
    judged: Judged, chances: Floats | None, policy: Policy, *, model: Forest | None,
    ids: Floats | None, explain_all: bool = True,
) -> list[Decision]:  # fmt: skip
    """The second half of ``decide``: what the rules and the model found, put together and told."""
    matrix, scores = judged.matrix, judged.score().round()
    sure = judged.confidence().tolist()
    if chances is not None:
        scores = np.maximum(scores, (100.0 * chances).round())
    verdicts = [policy.verdict(score) for score in scores.tolist()]
    told = [explain_all or verdict is not Verdict.ALLOW for verdict in verdicts]
    reasons = [tuple(judged.reasons(place)[:MOST_REASONS]) if each else ()
               for place, each in enumerate(told)]  # fmt: skip
    added = _contributions(
        matrix, model,
        [each and (explain_all or not why) for each, why in zip(told, reasons, strict=True)],
    )  # fmt: skip
    return [
        Decision(
            score=int(score), verdict=verdicts[place], confidence=sure[place],
            kind=judged.kind(place) if score else None,
            reasons=reasons[place],
            features=_known(matrix[place]) if told[place] else {},
            model=model.version if model else "",
            probability=None if chances is None else float(chances[place]),
            contributions=added.get(place, ()),
            entities=_named(ids[place]) if told[place] and ids is not None else {},
        )
        for place, score in enumerate(scores.tolist())
    ]  # fmt: skip


def _contributions(
    matrix: Floats, model: Forest | None, told: Sequence[bool]
) -> dict[int, tuple[ScoredContribution, ...]]:
    """By place, what moved the model most, for those that are told; the largest first."""
    places = [place for place, each in enumerate(told) if each]
    if model is None or not places:
        return {}
    added, found = model.explain(matrix[places]).values, {}
    for place, row in zip(places, added, strict=True):
        most = np.argsort(-np.abs(row), kind="stable")[:MOST_CONTRIBUTIONS].tolist()
        found[place] = tuple(
            _contribution(model, feature, float(matrix[place, feature]), float(row[feature]))
            for feature in most
            if row[feature] != 0.0
        )
    return found


def _contribution(model: Forest, feature: int, value: float, added: float) -> ScoredContribution:
    low, high = model.header.usual[feature] or (None, None)
    return ScoredContribution(
        feature=model.header.features[feature], value=None if math.isnan(value) else value,
        added=added, low=low, high=high,
    )  # fmt: skip


def _named(ids: Floats) -> dict[str, float]:
    """The entities an event names."""
    pairs = zip(ENTITIES.names, ids.tolist(), strict=True)
    return {name: value for name, value in pairs if value > 0}


def again(record: Scored, model: Forest | None = None) -> Decision:
    """A decision made once more from its record: the same to the bit.

    ``model`` is the one it names. Raises ``PolicyUnusable`` where it was made from other features,
    by another rule pack or another model.
    """
    if (record.rules, record.features_version) != (VERSION, FEATURES_VERSION):
        raise PolicyUnusable("The record was made by another version of rules or features.")
    if record.model != (model.version if model else ""):
        raise PolicyUnusable("The record was made by another model.")
    row = [record.features.get(name, float("nan")) for name in FEATURES.names]
    policy = Policy(review=record.review, block=record.block, thresholds=record.thresholds)
    ids = np.array([[record.entities.get(name, 0.0) for name in ENTITIES.names]])
    return decide(np.array([row]), policy, model=model, ids=ids)[0]


def _known(row: Floats) -> dict[str, float]:
    """What is known: NaN is what nobody knows."""
    values: Sequence[float] = row.tolist()
    pairs = zip(FEATURES.names, values, strict=True)
    return {name: value for name, value in pairs if not math.isnan(value)}
