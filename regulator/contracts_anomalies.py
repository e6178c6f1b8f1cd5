"""The words of the watch over feeds and returns: what was found, what people made of it.

An *anomaly* is one stretch of time in which an operator's figures are unusual in one way; it is
found once, extended while it goes on, and ends. Its short operator name is empty where it is the
whole market's.
"""

from datetime import datetime
from enum import StrEnum

import msgspec

from eventlog.catalogue import event
from regulator.contracts import Severity

Value = str | int | float | bool | None


class AnomalyState(StrEnum):
    """What people have made of an anomaly."""

    OPEN = "open"
    DISMISSED = "dismissed"


class Level(StrEnum):
    """How sensitive the watch is: how many false alarms are accepted for finding more."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an anomaly: its kind, until when, how bad, the figures and why in words.

    ``ended_at`` is not part of the stretch. ``score`` is on its detector's own scale; amounts in
    ``evidence`` are in the currency's smallest unit.
    """

    anomaly: str
    operator: str
    kind: str
    started_at: datetime
    ended_at: datetime
    severity: Severity
    score: float
    evidence: dict[str, Value]
    explanation: str


@event("gaming.anomaly_found")
class AnomalyFound(Seen, frozen=True, kw_only=True):
    """An operator's figures are unusual; ``anomaly`` is the id of this stretch from then on."""


@event("gaming.anomaly_extended")
class AnomalyExtended(Seen, frozen=True, kw_only=True):
    """The stretch goes on, or came back before it was over: what is known of it now."""


@event("gaming.anomaly_ended")
class AnomalyEnded(msgspec.Struct, frozen=True, kw_only=True):
    """The stretch is over: nothing was seen for longer than what would have belonged to it."""

    anomaly: str


@event("gaming.anomaly_dismissed")
class AnomalyDismissed(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says why this needs nothing more."""

    anomaly: str
    reason: str
    actor: str


@event("gaming.anomaly_reopened")
class AnomalyReopened(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says why a dismissed anomaly needs eyes again."""

    anomaly: str
    reason: str
    actor: str


@event("gaming.sensitivity_set")
class SensitivitySet(msgspec.Struct, frozen=True, kw_only=True):
    """How sensitively an operator is watched from now on, for one ``kind`` or (empty) for all."""

    operator: str
    kind: str
    level: Level
    actor: str
