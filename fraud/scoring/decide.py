"""From features to a verdict. Pure: the same features and policy give the same decision."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from scipy.special import expit

from fraud.contracts import EventFraud, Scored, ScoredContribution, ScoredReason, Verdict
from fraud.features import ENTITIES, FEATURES
from fraud.rules import VERSION, Judged, Reason, judge
from fraud.rules.words import NAMES, contribution_sentence, sentence
from kernel.errors import InvalidInput
from ml.features.layout import Floats
from ml.sequence.windows import Single
from ml.served import Found, Served, Windows

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

    ``probability`` and ``contributions`` are those of ``model``, where the tenant has one;
    ``window`` the person's last events, where it looked at them.
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
    window: Single | None = None

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
            entities=dict(self.entities), window=_kept(self.window),
        )  # fmt: skip


def decide(
    matrix: Floats, policy: Policy, *, model: Served | None = None, ids: Floats | None = None,
    windows: Windows | None = None, explain_all: bool = True,
) -> list[Decision]:  # fmt: skip
    """The decisions on events, n x features as ``FEATURES.matrix`` gives them.

    The score is the rules' or ``model``'s, whichever has more against the event. ``ids`` (n x
    entities) are kept with what is decided; a model that reads people's last events asks for
    ``windows``. Without ``explain_all`` nothing is told that nobody
    keeps: of those that are to allow neither reasons nor features, of those with reasons no
    contributions.
    """
    judged = judge(matrix, own=policy.thresholds)
    found = None if model is None else model.judge(matrix, ids, windows)
    return explained(judged, found, policy, model=model, ids=ids, explain_all=explain_all)


def explained(
    judged: Judged, found: Found | None, policy: Policy, *, model: Served | None,
    ids: Floats | None, explain_all: bool = True,
) -> list[Decision]:  # fmt: skip
    """The second half of ``decide``: what the rules and the model found, put together and told."""
    matrix, scores = judged.matrix, judged.score().round()
    sure = judged.confidence().tolist()
    if found is not None:
        scores = np.maximum(scores, (100.0 * found.probabilities).round())
    verdicts = [policy.verdict(score) for score in scores.tolist()]
    told = [explain_all or verdict is not Verdict.ALLOW for verdict in verdicts]
    reasons = [tuple(judged.reasons(place)[:MOST_REASONS]) if each else ()
               for place, each in enumerate(told)]  # fmt: skip
    added = _contributions(
        matrix, model, found,
        [each and (explain_all or not why) for each, why in zip(told, reasons, strict=True)],
    )  # fmt: skip
    return [
        Decision(
            score=int(score), verdict=verdicts[place], confidence=sure[place],
            kind=judged.kind(place) if score else None,
            reasons=reasons[place],
            features=_known(matrix[place]) if told[place] else {},
            model=model.version if model else "",
            probability=None if found is None else float(found.probabilities[place]),
            contributions=added.get(place, ()),
            entities=_named(ids[place]) if told[place] and ids is not None else {},
            window=found.windows.get(place) if found and told[place] else None,
        )
        for place, score in enumerate(scores.tolist())
    ]  # fmt: skip


def _contributions(
    matrix: Floats, model: Served | None, found: Found | None, told: Sequence[bool]
) -> dict[int, tuple[ScoredContribution, ...]]:
    """By place, what moved the model most, for those that are told; the largest first."""
    places = [place for place, each in enumerate(told) if each]
    if model is None or found is None or not places:
        return {}
    beside = {name: margins[places] for name, margins in found.margins.items()}
    added, contributions = model.explain(matrix[places], beside).values, {}
    members = [expit(beside[name]) for name in model.names[matrix.shape[1] :]]
    values = np.column_stack([matrix[places], *members])
    for place, row, seen in zip(places, added, values, strict=True):
        most = np.argsort(-np.abs(row), kind="stable")[:MOST_CONTRIBUTIONS].tolist()
        contributions[place] = tuple(
            _contribution(model, each, float(seen[each]), float(row[each]))
            for each in most
            if row[each] != 0.0
        )
    return contributions


def _contribution(model: Served, place: int, value: float, added: float) -> ScoredContribution:
    low, high = model.usual[place] or (None, None)
    return ScoredContribution(
        feature=model.names[place], value=None if math.isnan(value) else value, added=added,
        low=low, high=high,
    )  # fmt: skip


def _kept(window: Single | None) -> tuple[tuple[float | None, ...], ...]:
    """A window as the log keeps it: what is not known is null."""
    if window is None:
        return ()
    return tuple(
        tuple(None if math.isnan(value) else value for value in row) for row in window.tolist()
    )


def _named(ids: Floats) -> dict[str, float]:
    """The entities an event names."""
    pairs = zip(ENTITIES.names, ids.tolist(), strict=True)
    return {name: value for name, value in pairs if value > 0}


def again(record: Scored, model: Served | None = None) -> Decision:
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
    shown = np.array(record.window, dtype=np.float32) if record.window else None
    return decide(
        np.array([row]), policy, model=model, ids=ids, windows=lambda places: [shown] * places.size
    )[0]


def _known(row: Floats) -> dict[str, float]:
    """What is known: NaN is what nobody knows."""
    values: Sequence[float] = row.tolist()
    pairs = zip(FEATURES.names, values, strict=True)
    return {name: value for name, value in pairs if not math.isnan(value)}
