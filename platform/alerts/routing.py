"""Who hears of an alert, and when. Pure."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from alerts.contracts import Reason, Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Hours in which nobody is disturbed, by the clocks of ``zone``; they may span midnight."""

    begins: time
    ends: time
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wants:
    """What a route wants to hear of: from a severity on, of kinds that begin so, when."""

    lowest: Severity
    kinds: str = ""
    quiet: Quiet | None = None
    after: timedelta = timedelta()


def wanted(wants: Wants, *, kind: str, severity: Severity, reason: Reason) -> bool:
    """Whether a route hears of this. An escalation hears of what is open, never of its end."""
    if severity.rank < wants.lowest.rank or not kind.startswith(wants.kinds):
        return False
    return not (wants.after and reason is Reason.RESOLVED)


def when(wants: Wants, *, severity: Severity, now: datetime) -> datetime:
    """When the route hears of it: now, later if it escalates, after its quiet hours.

    What is critical waits for nobody's sleep.
    """
    at = now + wants.after
    if wants.quiet is None or severity is Severity.CRITICAL:
        return at
    return awake(at, wants.quiet)


def awake(at: datetime, quiet: Quiet) -> datetime:
    """``at``, or when the quiet hours it falls into end. Equal ends mean no quiet hours."""
    if quiet.begins == quiet.ends:
        return at
    zone = ZoneInfo(quiet.zone)
    local = at.astimezone(zone)
    spans_midnight = quiet.begins > quiet.ends
    clock = local.time()
    inside = (
        clock >= quiet.begins or clock < quiet.ends
        if spans_midnight
        else quiet.begins <= clock < quiet.ends
    )
    if not inside:
        return at
    day = local.date() + timedelta(days=1 if spans_midnight and clock >= quiet.begins else 0)
    # In UTC again: an hour that the clocks skip or repeat is then one moment.
    return max(at, datetime.combine(day, quiet.ends, tzinfo=zone).astimezone(at.tzinfo))
