"""What people say about anomalies and how sensitively the watch looks: events."""

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction

from eventlog.append import append
from eventlog.said import said
from kernel.errors import InvalidInput, NotFound
from regulator.contracts_anomalies import AnomalyDismissed, AnomalyReopened, Level, SensitivitySet
from regulator.models import Anomaly, Operator
from regulator.watch.words import ABOUT

SOURCE = "portal"
LONGEST = 1_000
"""Characters of a reason."""


class NoReason(InvalidInput):
    """A reason is missing, or longer than is kept."""

    code = "no_reason"
    title = "A reason is needed"


class NotOpen(InvalidInput):
    """The anomaly is dismissed already, or was never dismissed."""

    code = "anomaly_state"
    http_status = 409
    title = "It is so already"


def dismiss(anomaly: UUID, *, reason: str, actor: str, now: datetime) -> None:
    """Say why it needs nothing more. Raises ``NotFound``, ``NoReason``, ``NotOpen``."""
    _say(anomaly, True, reason, actor, now)


def reopen(anomaly: UUID, *, reason: str, actor: str, now: datetime) -> None:
    """Say why it needs eyes again. Raises ``NotFound``, ``NoReason``, ``NotOpen``."""
    _say(anomaly, False, reason, actor, now)


def _say(anomaly: UUID, dismiss: bool, reason: str, actor: str, now: datetime) -> None:
    text = reason.replace("\0", "").strip()
    if not 0 < len(text) <= LONGEST:
        raise NoReason(f"Say why, in at most {LONGEST:,} characters.", field="reason")
    with transaction.atomic():
        row = Anomaly.objects.filter(pk=anomaly).first()
        if row is None:
            raise NotFound("There is no such anomaly.")
        if (row.dismissed_at is not None) is dismiss:
            raise NotOpen("Somebody was faster." if dismiss else "It is open.")
        shape = AnomalyDismissed if dismiss else AnomalyReopened
        body = shape(anomaly=str(anomaly), reason=text, actor=actor)
        _append("anomaly_dismissed" if dismiss else "anomaly_reopened", body, now)


def set_sensitivity(
    operator: str, *, kind: str, level: str, actor: str, now: datetime
) -> None:  # fmt: skip
    """Watch an operator so from now on. Raises ``NotFound``, ``InvalidInput``."""
    if not Operator.objects.filter(name=operator).exists():
        raise NotFound("There is no such operator.")
    if kind and kind not in ABOUT:
        raise InvalidInput("There is no such kind of anomaly.", field="kind")
    if level not in set(Level):
        raise InvalidInput(f"A level is one of {', '.join(Level)}.", field="level")
    body = SensitivitySet(operator=operator, kind=kind, level=Level(level), actor=actor)
    _append("sensitivity_set", body, now)


def _append(name: str, body: msgspec.Struct, now: datetime) -> None:
    append([said(f"gaming.{name}", body, source=SOURCE, now=now)], recorded_at=now)
