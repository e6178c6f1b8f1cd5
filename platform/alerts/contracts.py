"""The words alerts publish: what is raised, how it stands, and the events about it. No Django."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from eventlog.catalogue import event


class Severity(StrEnum):
    """How bad it is, the least first."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"

    @property
    def rank(self) -> int:
        """Its place in the order: 0 to 2."""
        return list(Severity).index(self)


class State(StrEnum):
    """What has become of an alert."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    SNOOZED = "snoozed"
    RESOLVED = "resolved"


class Way(StrEnum):
    """How a route tells."""

    EMAIL = "email"
    SLACK = "slack"
    WEBHOOK = "webhook"


class Reason(StrEnum):
    """Why somebody is told."""

    RAISED = "raised"
    WORSE = "worse"
    AGAIN = "again"
    RESOLVED = "resolved"
    TEST = "test"


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """A figure of an alert with its name, both as people read them."""

    label: str
    value: str


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """A bar of an alert's chart."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Raised:
    """Something that somebody must hear of.

    ``kind`` is "app.what" and decides the routes; ``key`` says what it is about: while an alert of
    this kind and key is open, it is that alert. ``path`` leads to the page that shows more;
    ``since`` is when it began; ``series`` is drawn as bars of ``unit``. What ``rests`` is
    not raised again for a while after a person resolved it.
    """

    kind: str
    key: str
    severity: Severity
    title: str
    text: str
    path: str
    since: datetime
    facts: tuple[Fact, ...] = ()
    series: tuple[Point, ...] = ()
    unit: str = ""
    rests: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertItem:
    """An alert as people and programs read it."""

    id: int
    kind: str
    key: str
    severity: Severity
    state: State
    title: str
    text: str
    path: str
    facts: tuple[Fact, ...]
    series: tuple[Point, ...]
    unit: str
    since: datetime
    raised_at: datetime
    last_at: datetime
    seen: int
    """How often it was found since."""
    snoozed_until: datetime | None
    resolved_at: datetime | None
    by: str
    """Who changed its state last: a member's pseudonym, "touchstone" or nobody."""


@event("alert.raised")
class AlertRaised(msgspec.Struct, frozen=True, kw_only=True):
    """An alert was raised. The event's subject is empty."""

    alert: int
    kind: str
    key: str
    severity: str
    title: str
    since: datetime


@event("alert.changed")
class AlertChanged(msgspec.Struct, frozen=True, kw_only=True):
    """An alert was acknowledged, snoozed or resolved, got worse or woke up again.

    ``actor`` is a member's pseudonym, or "touchstone" for what it found out by itself.
    """

    alert: int
    change: str
    actor: str
    until: datetime | None = None


@event("alert.route_changed")
class RouteChanged(msgspec.Struct, frozen=True, kw_only=True):
    """Who is told was changed; its address is a secret and is not in the log."""

    route: int
    change: str
    way: str
    actor: str


@event("alert.rule_changed")
class RuleChanged(msgspec.Struct, frozen=True, kw_only=True):
    """A rule over the log was made or deleted."""

    rule: int
    change: str
    name: str
    actor: str
