"""The words health publishes: readings, parts, incidents, and the events about them. No Django."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import msgspec

from eventlog.catalogue import event


class State(StrEnum):
    """How a part is. The order is the one of concern."""

    WORKING = "working"
    UNKNOWN = "unknown"
    BEHIND = "behind"
    STALLED = "stalled"
    AWAY = "away"


BROKEN = frozenset({State.STALLED, State.AWAY})
"""States that become an incident when they last."""


STREAM = "stream"
"""The part that is a tenant's own events as they come in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a probe saw of a part.

    ``waiting`` things wait, the oldest of them for ``oldest_seconds``; ``idle_seconds`` ago the
    part last made progress or gave a sign of life (``None``: not known). ``away`` says that it did
    not answer at all, ``unseen`` that it can't be seen now because something else is away.
    """

    waiting: int = 0
    oldest_seconds: float = 0.0
    idle_seconds: float | None = None
    away: bool = False
    unseen: bool = False
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What still is normal: the age of what waits, and the silence of a part, in seconds."""

    oldest_seconds: float = 10.0
    idle_seconds: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part as judged. ``advice`` is empty while it works; ``since`` is when it stopped to."""

    name: str
    label: str
    state: State
    waiting: int
    oldest_seconds: float
    detail: str
    advice: str
    since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """All parts a tenant depends on, the worst first, and the incidents of the last days."""

    state: State
    parts: tuple[Part, ...]
    incidents: tuple["IncidentItem", ...]
    looked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentItem:
    """Something that stood still. ``closed_at`` is ``None`` while it does."""

    id: int
    part: str
    label: str
    detail: str
    advice: str
    opened_at: datetime
    closed_at: datetime | None


@event("incident.opened")
class IncidentOpened(msgspec.Struct, frozen=True, kw_only=True):
    """A part the tenant depends on has stood still for longer than is normal.

    ``since`` is when it was last seen to work. The event's subject is empty.
    """

    part: str
    label: str
    detail: str
    since: datetime


@event("incident.closed")
class IncidentClosed(msgspec.Struct, frozen=True, kw_only=True):
    """The part works again; ``seconds`` it did not."""

    part: str
    label: str
    since: datetime
    seconds: float
