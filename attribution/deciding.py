"""Commands about journeys: set the rules, reject and restore touches; each is an event in the log.

Functions take ``now`` and who decides (a member's pseudonym, ``key:`` and a prefix, or a detector's
name); who may is decided by the pages and the API, what can be meant is decided here.
"""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec

from attribution.events import (
    MOST_TOUCHES,
    RulesSet,
    SourceRejected,
    SourceRestored,
    TouchRejected,
    TouchRestored,
)
from attribution.journeys import rules as journey_rules
from attribution.journeys.rules import Rules
from attribution.models import Decision
from eventlog.append import append
from eventlog.said import said
from kernel.errors import InvalidInput, NotFound

LONGEST_REASON = 500
_LONGEST_SOURCE = 200


class InvalidDecision(InvalidInput):
    """The decision can't be meant: no reason, no touch, a span that ends before it begins."""

    code = "invalid_decision"
    title = "The decision can't be used"


def set_rules(*, rules: Rules, actor: str, now: datetime, source: str = "portal") -> UUID:
    """Let ``rules`` hold from here on, and for all that is known. Raises ``InvalidRules``."""
    journey_rules.check(rules)
    return _append("attribution.rules_set", RulesSet(actor=actor, rules=rules), now, source)


def reject_touches(
    *, touches: Sequence[str], reason: str, decided_by: str, now: datetime, source: str = "portal"
) -> UUID:
    """Touches were no real ones; ``touches`` are event ids. Raises ``InvalidDecision``."""
    body = TouchRejected(reason=_reason(reason), decided_by=decided_by, touches=_touches(touches))
    return _append("touch.rejected", body, now, source)


def restore_touches(
    *, touches: Sequence[str], reason: str, decided_by: str, now: datetime, source: str = "portal"
) -> UUID:
    """Touches that were rejected one by one count again. Raises ``InvalidDecision``."""
    body = TouchRestored(reason=_reason(reason), decided_by=decided_by, touches=_touches(touches))
    return _append("touch.restored", body, now, source)


def reject_source(
    *,
    name: str,
    start: date | None,
    end: date | None,
    reason: str,
    decided_by: str,
    now: datetime,
    source: str = "portal",
) -> UUID:
    """All touches of the source ``name`` (between days) are no real ones; so are later ones."""
    if not 0 < len(name.strip()) <= _LONGEST_SOURCE:
        raise InvalidDecision("Name the source whose touches are to be rejected.", field="source")
    if start and end and end < start:
        raise InvalidDecision("The last day is before the first.", field="end")
    body = SourceRejected(
        reason=_reason(reason), decided_by=decided_by, source=name.strip(), start=start, end=end
    )
    return _append("source.rejected", body, now, source)


def restore_source(
    *, rejection: str, reason: str, decided_by: str, now: datetime, source: str = "portal"
) -> UUID:
    """Take the rejection of a source back; ``rejection`` is its id. Raises ``NotFound``."""
    standing = Decision.objects.filter(standing=True)
    if not standing.filter(event_id=_uuid(rejection)).exists():
        raise NotFound("There is no such rejection, or it was taken back already.")
    body = SourceRestored(reason=_reason(reason), decided_by=decided_by, rejection=rejection)
    return _append("source.restored", body, now, source)


def _reason(text: str) -> str:
    if not 0 < len(text.strip()) <= LONGEST_REASON:
        raise InvalidDecision(f"Say why, in at most {LONGEST_REASON} characters.", field="reason")
    return text.strip()


def _touches(touches: Sequence[str]) -> tuple[str, ...]:
    if not 0 < len(touches) <= MOST_TOUCHES:
        raise InvalidDecision(f"Name 1 to {MOST_TOUCHES:,} touches.", field="touches")
    return tuple(str(_uuid(text)) for text in touches)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise InvalidDecision(f"{text[:60]!r} is no event's id.", field="touches") from None


def _append(name: str, body: msgspec.Struct, now: datetime, source: str) -> UUID:
    event = said(name, body, source=source, now=now)
    append([event], recorded_at=now)
    return event.id
