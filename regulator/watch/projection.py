"""From what was found and what people said to the list of anomalies: a projection of its own."""

from collections.abc import Sequence

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.contracts import Severity
from regulator.contracts_anomalies import (
    AnomalyDismissed,
    AnomalyEnded,
    AnomalyExtended,
    AnomalyFound,
    AnomalyReopened,
    SensitivitySet,
)
from regulator.models import Anomaly, Sensitivity

NAME = "regulator-anomalies"
"""The projection's name."""
_TYPES = frozenset(
    {
        "gaming.anomaly_found", "gaming.anomaly_extended", "gaming.anomaly_ended",
        "gaming.anomaly_dismissed", "gaming.anomaly_reopened", "gaming.sensitivity_set",
    }
)  # fmt: skip


def handle(events: Sequence[StoredEvent]) -> None:
    """Apply a batch in the order of the log."""
    for stored in events:
        if stored.type in _TYPES:
            _apply(stored)


def reset() -> None:
    """Forget all anomalies and levels."""
    active_tenant()
    Anomaly.objects.all().delete()
    Sensitivity.objects.all().delete()


def _apply(stored: StoredEvent) -> None:
    body = decode(stored)
    match body:
        case AnomalyFound():
            Anomaly.objects.get_or_create(id=body.anomaly, defaults=_found(stored, body))
        case AnomalyExtended():
            _extend(stored, body)
        case AnomalyEnded():
            Anomaly.objects.filter(id=body.anomaly).update(over_at=stored.recorded_at)
        case AnomalyDismissed() | AnomalyReopened():
            dismissed = isinstance(body, AnomalyDismissed)
            Anomaly.objects.filter(id=body.anomaly).update(
                dismissed_at=stored.recorded_at if dismissed else None, reason=body.reason,
                said_at=stored.recorded_at, said_by=body.actor,
            )  # fmt: skip
        case SensitivitySet():
            Sensitivity.objects.update_or_create(
                operator=body.operator, kind=body.kind,
                defaults={
                    "level": str(body.level), "set_at": stored.recorded_at, "set_by": body.actor,
                },
            )  # fmt: skip


def _found(stored: StoredEvent, body: AnomalyFound) -> dict[str, object]:
    return {
        "operator": body.operator, "started_at": body.started_at, "ended_at": body.ended_at,
        "severity": str(body.severity), "found_at": stored.recorded_at, **_told(stored, body),
    }  # fmt: skip


def _extend(stored: StoredEvent, body: AnomalyExtended) -> None:
    """It is as long as ever told and as bad as ever told; the words are the newest."""
    row = Anomaly.objects.filter(id=body.anomaly).first()
    if row is None:
        return
    order = list(Severity)
    row.severity = str(min(Severity(row.severity), body.severity, key=order.index))
    row.ended_at, row.over_at = max(row.ended_at, body.ended_at), None
    for name, value in _told(stored, body).items():
        setattr(row, name, value)
    row.save()


def _told(stored: StoredEvent, body: AnomalyFound | AnomalyExtended) -> dict[str, object]:
    return {
        "kind": body.kind, "score": body.score, "evidence": dict(body.evidence),
        "explanation": body.explanation, "seen_at": stored.recorded_at,
    }  # fmt: skip
