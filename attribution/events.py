"""Attribution's event types beyond touches, conversions and spend. No Django.

``contracts`` publishes them. Senders bring in offline touches; the other types are decisions, which
the product itself or an app above appends: nothing is changed in the log, journeys are cut anew.
"""

from datetime import date

import msgspec

from attribution.journeys.rules import Rules
from eventlog.catalogue import event, upcaster
from ingest.contracts import Observed, unchanged

MOST_TOUCHES = 1_000
"""Touches one decision may name; a longer list is several decisions."""


@event("offline.touched", version=2, expires=True)
class OfflineTouched(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody met the advertiser away from the screen: a store visit, a call, a letter.

    ``kind`` is "store visit", "call", "direct mail", "event" or another word of the sender's.
    ``precision`` says what is known of the time: "minute", "hour" or "day"; of an hour or a day the
    event's time is the beginning.
    """

    kind: str
    precision: str = "minute"
    cost: float | None = None
    currency: str | None = None


upcaster("offline.touched", from_version=1)(unchanged)  # the second may have signals


@event("attribution.rules_set")
class RulesSet(msgspec.Struct, frozen=True, kw_only=True):
    """How journeys are cut from here on, and for all that is known already; replaces the earlier.

    ``actor`` is the pseudonym of the member, or ``key:`` and the prefix of the key, that did it.
    """

    actor: str
    rules: Rules


class _Decision(msgspec.Struct, frozen=True, kw_only=True):
    """Why, and who decided: a member's pseudonym, ``key:`` and a prefix, or a detector's name."""

    reason: str
    decided_by: str


class _AboutTouches(_Decision, frozen=True, kw_only=True):
    """``touches`` are the ids of the touches' events, at most 1,000."""

    touches: tuple[str, ...]


@event("touch.rejected")
class TouchRejected(_AboutTouches, frozen=True, kw_only=True):
    """Touches were no real ones: they leave their journeys, and credit goes to the others."""


@event("touch.restored")
class TouchRestored(_AboutTouches, frozen=True, kw_only=True):
    """Touches that had been rejected one by one count again."""


@event("source.rejected")
class SourceRejected(_Decision, frozen=True, kw_only=True):
    """All touches of a source are no real ones, also those still to come.

    ``start`` and ``end``, both included, limit it to touches of these days (UTC).
    """

    source: str
    start: date | None = None
    end: date | None = None


@event("source.restored")
class SourceRestored(_Decision, frozen=True, kw_only=True):
    """A rejection of a source is taken back; ``rejection`` is the id of its event."""

    rejection: str
