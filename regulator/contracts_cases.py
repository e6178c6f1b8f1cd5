"""Words of cases: what one is about, every step of it, what was decided, and who looked at what.

A case's steps are events with their number in the case; ``actor`` and ``officer`` are pseudonyms of
members. Amounts are in the currency's smallest unit.
"""

from datetime import date, datetime
from enum import StrEnum

import msgspec

from eventlog.catalogue import event


class AboutKind(StrEnum):
    """What sort of thing a case is about."""

    ANOMALY = "anomaly"
    FINDING = "finding"
    OPERATOR = "operator"


class Outcome(StrEnum):
    """What an authority can decide, the mildest first."""

    NO_BREACH = "no_breach"
    WARNING = "warning"
    FINE = "fine"
    LICENCE_MEASURE = "licence_measure"


class AppealResult(StrEnum):
    """What became of an appeal: the decision stands, falls, or is another."""

    DISMISSED = "dismissed"
    ALLOWED = "allowed"
    VARIED = "varied"


class About(msgspec.Struct, frozen=True, kw_only=True):
    """What a case is about, in the words of the day it was opened; ``id`` leads back to it.

    ``started_at`` and ``ended_at`` bound the stretch whose records are the evidence, where there is
    one: the first moment, and the one behind the last.
    """

    kind: AboutKind
    id: str
    title: str
    operator: str
    text: str = ""
    started_at: datetime | None = None
    ended_at: datetime | None = None


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided and why; a fine has an amount, a licence measure says which."""

    outcome: Outcome
    reasons: str
    amount: int | None = None
    currency: str = ""
    measure: str = ""


class Step(msgspec.Struct, frozen=True, kw_only=True):
    """What every step says: of which case and operator, its number in the case, who took it."""

    case: str
    operator: str
    step: int
    actor: str


@event("gaming.case_opened")
class CaseOpened(Step, frozen=True, kw_only=True):
    """A case was opened; ``number`` is what people call it by."""

    number: int
    title: str
    about: tuple[About, ...]


@event("gaming.case_assigned")
class CaseAssigned(Step, frozen=True, kw_only=True):
    """An officer got the case."""

    officer: str


@event("gaming.case_noted")
class CaseNoted(Step, frozen=True, kw_only=True):
    """Somebody wrote a note."""

    text: str


@event("gaming.case_explanation_requested")
class ExplanationRequested(Step, frozen=True, kw_only=True):
    """The operator was asked for an explanation, to be given by the day ``due``."""

    question: str
    due: date


@event("gaming.case_explanation_received")
class ExplanationReceived(Step, frozen=True, kw_only=True):
    """The operator's explanation came on the day ``received``; an officer entered it."""

    text: str
    received: date


@event("gaming.case_decided")
class CaseDecided(Step, frozen=True, kw_only=True):
    """The authority decided."""

    decision: Decision


@event("gaming.case_appealed")
class CaseAppealed(Step, frozen=True, kw_only=True):
    """The operator appealed on the day ``lodged``."""

    grounds: str
    lodged: date


@event("gaming.case_appeal_decided")
class AppealDecided(Step, frozen=True, kw_only=True):
    """The appeal was decided; ``decision`` is the new one where the old one was varied."""

    result: AppealResult
    reasons: str
    decision: Decision | None = None


@event("gaming.case_closed")
class CaseClosed(Step, frozen=True, kw_only=True):
    """Nothing is left to be done."""

    reasons: str


@event("gaming.case_reopened")
class CaseReopened(Step, frozen=True, kw_only=True):
    """The case is examined again; its decision holds no more."""

    reasons: str


@event("gaming.evidence_written")
class EvidenceWritten(msgspec.Struct, frozen=True, kw_only=True):
    """A bundle of evidence was written for ``actor``, of a case or of an operator's days.

    ``bundle`` and ``summary`` are SHA-256 (hex) of the zip file and of the PDF in it; ``size`` is
    that of the checkpoint it is proved against.
    """

    operator: str
    case: str
    since: datetime
    until: datetime
    events: int
    size: int
    bundle: str
    summary: str
    actor: str


@event("gaming.page_viewed")
class PageViewed(msgspec.Struct, frozen=True, kw_only=True):
    """A member looked at a page about an operator; told once a day for each page and thing.

    ``page`` is the route's name, ``thing`` what was looked at there (empty: a list).
    """

    actor: str
    origin: str
    page: str
    thing: str


LABELS = {
    "gaming.operator_registered": "Registered an operator",
    "gaming.operator_changed": "Changed an operator's entry",
    "gaming.case_opened": "Opened a case",
    "gaming.case_assigned": "Assigned a case",
    "gaming.case_noted": "Wrote a note",
    "gaming.case_explanation_requested": "Requested an explanation",
    "gaming.case_explanation_received": "Entered an explanation",
    "gaming.case_decided": "Decided a case",
    "gaming.case_appealed": "Entered an appeal",
    "gaming.case_appeal_decided": "Entered an appeal's decision",
    "gaming.case_closed": "Closed a case",
    "gaming.case_reopened": "Reopened a case",
    "gaming.evidence_written": "Had evidence written",
    "gaming.page_viewed": "Looked at a page",
}
"""What these acts are called where people read them."""
