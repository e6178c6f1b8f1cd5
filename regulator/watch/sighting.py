"""What a watcher sees in one pass, in times and words; and which kinds are one subject. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from regulator.contracts import Severity
from regulator.contracts_anomalies import Value
from regulator.detectors.anomaly import Kind
from regulator.watch.market import DAY, HOUR, WEEK

CRITICAL, WARNING = 0.75, 0.5
"""Severities of a detector from which it is told as critical (twice its limit), as a warning."""

FEED = frozenset({Kind.FEED_SILENT, Kind.FEED_DROP, Kind.PARTIAL_DROP})
"""One subject: a feed that falls silent is a feed that stopped once the hour is over."""


def subject(kind: Kind) -> str:
    """What kinds that are one anomaly share."""
    return "feed" if kind in FEED else str(kind)


QUIET: Mapping[Kind, timedelta] = {
    **dict.fromkeys(FEED, 3 * HOUR),
    Kind.BASELINE: DAY,
    Kind.PAYOUT_SPIKE: 6 * HOUR,
    Kind.THINNING: 7 * DAY,
    Kind.UNDER_REPORTING: 26 * WEEK,
    Kind.DIGITS: 5 * WEEK,
    Kind.MISSING_HIGH_STAKES: 7 * DAY,
    Kind.RENUMBERED: DAY,
    **dict.fromkeys((Kind.ISOLATED, Kind.COURSE, Kind.TOGETHER), DAY),
}
"""How long nothing may be seen until an anomaly is over; what comes sooner is still the same one.

Kinds that are not named are of one period each.
"""
LASTING = frozenset(
    {Kind.TAX, Kind.RATE_CHANGE, Kind.BRAND_MIX_UP, Kind.SHRUNKEN_HISTORY, Kind.INCOMPLETE_PERIOD}
)
"""Kinds that are over when the returns no longer show them, and not because time has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A stretch from ``started_at`` until before ``ended_at``; ``operator`` "": the market's.

    ``weight`` is the detector's severity, from 0 to 1. ``done``: it is known to be over already.
    """

    operator: str
    kind: Kind
    started_at: datetime
    ended_at: datetime
    weight: float
    score: float
    explanation: str
    evidence: Mapping[str, Value] = field(default_factory=dict)
    done: bool = False

    @property
    def severity(self) -> Severity:
        """The weight in a word, by the published limits."""
        if self.weight >= CRITICAL:
            return Severity.CRITICAL
        return Severity.WARNING if self.weight >= WARNING else Severity.NOTE


def plain(evidence: Mapping[str, object]) -> dict[str, Value]:
    """Evidence as an event keeps it: flat, no number that JSON lacks, six significant digits."""
    return {name: _plain(value) for name, value in evidence.items()}


def _plain(value: object) -> Value:
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    if isinstance(value, Sequence):
        return ", ".join(map(str, value))
    return str(value)


def joined(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Sightings of one operator and subject that belong together, as one: the worst one's words.

    While a feed is silent, that is what is said of it. In the order of their beginning.
    """
    found: list[Sighting] = []
    ordered = sorted(sightings, key=lambda s: (s.operator, subject(s.kind), s.started_at))
    for each in ordered:
        last = found[-1] if found else None
        if last is not None and _together(last, each):
            found[-1] = replace(
                max(last, each, key=lambda s: (s.kind is Kind.FEED_SILENT, s.weight)),
                started_at=last.started_at,
                ended_at=max(last.ended_at, each.ended_at),
                weight=max(last.weight, each.weight),
            )
        else:
            found.append(each)
    return sorted(found, key=lambda s: (s.started_at, s.operator, s.kind))


def _together(one: Sighting, other: Sighting) -> bool:
    quiet = QUIET.get(one.kind, timedelta(0))
    same = one.operator == other.operator and subject(one.kind) == subject(other.kind)
    near = other.started_at <= one.ended_at + quiet if quiet else one.started_at == other.started_at
    return same and near


def explained(sightings: Sequence[Sighting]) -> list[Sighting]:
    """Sightings without those that a nearer cause explains: a drop is not unusual hours as well."""
    causes = [each for each in sightings if each.kind in FEED or each.kind is Kind.PAYOUT_SPIKE]
    return [
        each
        for each in sightings
        if each.kind is not Kind.BASELINE
        or not any(
            cause.operator == each.operator
            and cause.started_at < each.ended_at
            and each.started_at < cause.ended_at
            for cause in causes
        )
    ]
