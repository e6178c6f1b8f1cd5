"""The API's question: how does this event look? Nothing is written and nothing is counted."""

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from eventlog import catalogue
from eventlog.tenancy import activate
from fraud.features import TYPES, sight
from fraud.rules import VERSION, judge
from fraud.scoring import policy, serving, states
from fraud.scoring.decide import FEATURES_VERSION, Policy, explained
from fraud.scoring.recent import Recent
from ingest import decode, pipeline, problems, quota
from ingest.auth import Principal, authenticate
from ingest.batch import Batch, Circumstances, Draft
from ingest.collect import MAX_BODY_BYTES, OLDEST, Parts, key_of
from ingest.decode import Decoded
from ingest.wire import Incoming
from kernel import clock
from kernel.errors import DomainError

PATH = "/api/v1/fraud/score"
MOST = 100
"""Events one question may hold."""


class ScoringAway(DomainError):
    """What was before an event can't be read now."""

    code = "scoring_away"
    http_status = 503
    title = "Scores can't be given now"


def serve(parts: Parts) -> dict[str, Any]:
    """A request's answer; raises ``DomainError`` for what is wrong with it."""
    key = key_of(parts.authorization)
    if key is None:
        raise problems.MissingKey("Send your key as 'Authorization: Bearer <key>'.")
    principal = authenticate(key, "read")
    activate(principal.tenant)
    quota.gate().admit_request(principal)
    if len(parts.body) > MAX_BODY_BYTES:
        raise problems.TooLarge(f"A body may have {MAX_BODY_BYTES} bytes.", limit=MAX_BODY_BYTES)
    plain = decode.unpacked(parts.body, parts.content_encoding, MAX_BODY_BYTES)
    decoded = decode.native(plain, parts.content_type, MOST)
    return answer(decoded, principal=principal, now=clock.now())


def answer(decoded: Decoded, *, principal: Principal, now: datetime) -> dict[str, Any]:
    """The scores of decoded events, and what was rejected; raises ``ScoringAway``."""
    began = time.perf_counter()
    circumstances = Circumstances(
        now=now, secret=principal.secret, source="api", oldest=OLDEST,
        own_hosts=principal.own_hosts, skew=timedelta(0), epoch=principal.epoch,
    )  # fmt: skip
    # Steps keep what some types say (consent): a question may only bring in what is scored.
    asked = [pair for pair in decoded.events if _may_be_scored(pair[1].type)]
    others = [pair for pair in decoded.events if not _may_be_scored(pair[1].type)]
    batch = pipeline.run(pipeline.start(asked, circumstances, decoded.rejected), before="seal")
    drafts = batch.drafts
    read = time.perf_counter()
    scores, spent = _scores(drafts, policy.remembered(), now)
    return {
        "scores": scores,
        "rejected": _rejected(batch, others),
        "rules_version": VERSION,
        "features_version": FEATURES_VERSION,
        "latency_ms": {
            "read": _milliseconds(read - began), **spent,
            "total": _milliseconds(time.perf_counter() - began),
        },
    }  # fmt: skip


def _scores(
    drafts: Sequence[Draft], held: Policy, now: datetime
) -> tuple[list[dict[str, Any]], dict[str, float]]:
    began = time.perf_counter()
    sightings = [
        sight(each.type, each.subject, each.body, each.occurred_at or now) for each in drafts
    ]
    try:
        matrix, ids = states.features(sightings, counting=False)
    except states.AWAY:
        raise ScoringAway("Redis is away; send the same again.", retry_after=5) from None
    known = time.perf_counter()
    judged = judge(matrix, own=held.thresholds)
    ruled = time.perf_counter()
    model = serving.champion()
    windows = Recent(matrix, ids).windows if model is not None and model.windowed else None
    found = None if model is None else model.judge(matrix, ids, windows)
    modelled = time.perf_counter()
    decisions = explained(judged, found, held, model=model, ids=ids)
    spent = {
        "features": _milliseconds(known - began),
        "rules": _milliseconds(ruled - known),
        "models": _milliseconds(modelled - ruled),
        "explanation": _milliseconds(time.perf_counter() - modelled),
    }
    told = [
        {"index": draft.index, "type": draft.type, **decision.document()}
        for draft, decision in zip(drafts, decisions, strict=True)
    ]
    return told, spent


def _may_be_scored(type: str) -> bool:
    """Whether it is of a type that is scored, or of none there is, which a step says."""
    return type in TYPES or not catalogue.known(type)


def _rejected(batch: Batch, others: Sequence[tuple[int, Incoming]]) -> list[dict[str, Any]]:
    """What could not be scored: unreadable, or of a type nobody scores."""
    found = [
        {"index": each.index, "code": each.code, "detail": each.detail} for each in batch.rejected
    ]
    found += [
        {"index": index, "code": "not_scored", "detail": f"{each.type} is not scored."}
        for index, each in others
    ]
    return sorted(found, key=lambda each: each["index"])


def _milliseconds(seconds: float) -> float:
    return round(1_000.0 * seconds, 3)
