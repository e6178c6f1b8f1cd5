"""The words this app publishes: purposes, requests, its events, what its queries return. No Django.

``subject`` and ``subjects`` are pseudonyms; ``actor`` and ``requested_by`` are members' pseudonyms
or ``key:`` and an API key's public prefix. No event here holds a personal byte.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from eventlog.catalogue import event, upcaster
from ingest.contracts import Observed, unchanged


class Purpose(StrEnum):
    """What a person's data may be processed for."""

    ANALYTICS = "analytics"
    MARKETING = "marketing"
    PERSONALISATION = "personalisation"


class Kind(StrEnum):
    """What a person may ask for (GDPR articles 15, 17 and 16)."""

    ACCESS = "access"
    ERASURE = "erasure"
    RECTIFICATION = "rectification"


class Step(StrEnum):
    """What happens to a request."""

    IDENTITY_CHECKED = "identity_checked"
    EXTENDED = "extended"
    EXPORTED = "exported"
    ERASED = "erased"
    COMPLETED = "completed"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why a request was refused or given more time, and why somebody was erased."""

    REQUESTED = "requested"
    IDENTITY_UNPROVEN = "identity_unproven"
    UNFOUNDED = "unfounded"
    LEGAL_OBLIGATION = "legal_obligation"
    COMPLEX = "complex"
    NOT_FOUND = "not_found"


@event("consent.changed", version=2)
class ConsentChanged(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """A person said yes or no to purposes; the latest decision on a purpose holds.

    ``notice`` names the text that was shown.
    """

    purposes: dict[str, bool]
    notice: str | None = None


upcaster("consent.changed", from_version=1)(unchanged)  # the second may have signals


@event("subject.erased")
class SubjectErased(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of ``subjects`` were deleted: what was sealed for them can't be opened any more.

    ``subjects`` are the one asked for (the event's own) and everything stitched to it, sorted.
    Later events of these subjects are turned away, so what follows this event is about others.
    """

    subjects: tuple[str, ...]
    requested_by: str
    reason: str
    request: str | None = None


@event("privacy.requested")
class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """A person asked for something; it must be answered by ``due_on``."""

    actor: str
    request: str
    kind: str
    received_on: date
    due_on: date
    reference: str = ""


@event("privacy.step_taken")
class StepTaken(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something about a request; ``due_on`` is the date that holds from then on."""

    actor: str
    request: str
    step: str
    due_on: date
    reason: str = ""


@event("privacy.policy_changed")
class PolicyChanged(msgspec.Struct, frozen=True, kw_only=True):
    """The organisation decided how long events are kept and what holds before a person decides.

    ``retention_days`` is ``None`` where events are kept for good.
    """

    actor: str
    retention_days: int | None
    defaults: dict[str, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What holds in a tenant; ``defaults`` has every purpose."""

    retention_days: int | None
    defaults: Mapping[Purpose, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A subject's last word on a purpose."""

    purpose: Purpose
    granted: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """A line of a request's history; ``event_id`` is its event in the log."""

    at: datetime
    actor: str
    step: str
    reason: str
    event_id: str

    @property
    def label(self) -> str:
        """The step in words."""
        return self.step.replace("_", " ").capitalize()


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request as people see it. ``state`` is open, completed or refused."""

    id: str
    kind: Kind
    subject: str
    reference: str
    state: str
    received_on: date
    due_on: date
    created_at: datetime
    closed_at: datetime | None
    steps: tuple[StepView, ...] = ()
