"""This app's acts in the active tenant's log."""

import uuid
from datetime import datetime

import msgspec

from eventlog.append import append
from eventlog.said import said
from tenants.privacy.contracts import PolicyChanged, Requested, StepTaken, SubjectErased

Act = SubjectErased | Requested | StepTaken | PolicyChanged

_NAMES: dict[type[msgspec.Struct], str] = {
    SubjectErased: "subject.erased",
    Requested: "privacy.requested",
    StepTaken: "privacy.step_taken",
    PolicyChanged: "privacy.policy_changed",
}
SOURCE = "privacy"


def record(act: Act, *, subject: str, now: datetime) -> uuid.UUID:
    """Append ``act``, in the caller's transaction; returns the event's id."""
    name = _NAMES[type(act)]
    event = said(name, act, source=SOURCE, now=now, subject=subject)
    append([event], recorded_at=now)
    return event.id
