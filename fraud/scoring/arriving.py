"""Ingestion's step: score what was just written to the log, keep what is not simply let through.

It stands behind the log, so that a retry counts once and no score is of an event that was lost.
"""

import logging
import time
from collections import Counter as Tally
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from prometheus_client import Counter

from eventlog.append import append
from eventlog.contracts import NewEvent
from eventlog.said import said
from fraud.contracts import Verdict
from fraud.drift import counting
from fraud.features import TYPES, sight
from fraud.scoring import policy, serving, states
from fraud.scoring.decide import Decision, Policy, decide
from fraud.scoring.recent import Recent
from ingest.batch import Batch, Draft
from ingest.wire import SOURCES
from kernel import ids as names
from ml.features.layout import Floats

SOURCE = "fraud"
AS_THEY_COME = (*SOURCES, "simulation")
"""Sources whose events come in about the order of time: the collectors, and the demo's month.

Files tell of old times and are not scored.
"""
SCORED = Counter("touchstone_fraud_scored_total", "Events scored, by verdict.", ["verdict"])
UNSCORED = Counter("touchstone_fraud_unscored_total", "Events that Redis was away for.")
_log = logging.getLogger(__name__)


def score(batch: Batch) -> Batch:
    """Set ``scores``; append the decisions that are not to allow."""
    if batch.circumstances.source not in AS_THEY_COME or not (held := policy.remembered()).on:
        return batch
    drafts = _fresh(batch)
    if not drafts:
        return batch
    began = time.perf_counter()
    sightings = [sight(each.type, each.subject, each.body, each.occurred_at) for each in drafts]  # type: ignore[arg-type]  # append dated it
    try:
        matrix, ids = states.features(sightings, counting=True)
    except states.AWAY as error:
        UNSCORED.inc(len(drafts))
        _log.warning("%d events are in the log without a score: %s", len(drafts), error)
        return batch
    decisions = _decided(matrix, ids, held)
    counting.count(
        matrix, decisions, seconds=time.perf_counter() - began, now=batch.circumstances.now
    )
    _keep(drafts, decisions, held, batch)
    return replace(
        batch, scores=tuple(_told(*pair) for pair in zip(drafts, decisions, strict=True))
    )


def _decided(matrix: Floats, ids: Floats, held: Policy) -> list[Decision]:
    """The decisions on a batch; its events are kept for a model that reads people's last ones."""
    model = serving.champion()
    if model is None or not model.windowed:
        return decide(matrix, held, model=model, ids=ids, explain_all=False)
    recent = Recent(matrix, ids)
    decisions = decide(
        matrix, held, model=model, ids=ids, windows=recent.windows, explain_all=False
    )
    try:
        recent.add()
    except states.AWAY as error:
        _log.warning("%d events are missing among people's last: %s", len(matrix), error)
    return decisions


def _fresh(batch: Batch) -> list[Draft]:
    """What is new in the log and of a type that is scored."""
    return [
        draft
        for draft in batch.drafts
        if draft.type in TYPES and draft.index not in batch.duplicates
    ]


def _keep(
    drafts: Sequence[Draft], decisions: Sequence[Decision], held: Policy, batch: Batch
) -> None:
    now = batch.circumstances.now
    kept: list[NewEvent] = []
    for verdict, count in Tally(decision.verdict for decision in decisions).items():
        SCORED.labels(str(verdict)).inc(count)
    for draft, decision in zip(drafts, decisions, strict=True):
        if decision.verdict is not Verdict.ALLOW:
            record = decision.record(str(draft.id), draft.type, held)
            kept.append(
                said(
                    "fraud.scored", record, source=SOURCE, now=now, subject=draft.subject,
                    id=names.event_id(f"scored {draft.id}"), occurred_at=draft.occurred_at,
                )
            )  # fmt: skip
    if kept:
        append(kept, recorded_at=now)


def _told(draft: Draft, decision: Decision) -> dict[str, Any]:
    """What the sender is told: enough to act, nothing that teaches how to pass."""
    return {
        "index": draft.index, "id": str(draft.id), "score": decision.score,
        "verdict": str(decision.verdict),
    }  # fmt: skip
