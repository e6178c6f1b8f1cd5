"""What a dossier's summary says, ready to be set. Pure."""

from dataclasses import dataclass, field
from datetime import datetime

from regulator.contracts_cases import About


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A return beside the feed, in smallest units; ``fed`` is ``None`` before the feed began."""

    period: str
    vintage: str
    declared: int
    fed: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A step of the case: what, when, who, its words, its event."""

    number: int
    at: datetime
    who: str
    label: str
    lines: tuple[tuple[str, str], ...]
    event: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """A picture (PNG) with its title and the sentence that explains it."""

    title: str
    png: bytes
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """All of a summary. ``facts`` are (name, value) lines; ``sums`` SHA-256 by file name.

    ``made_at`` is the only time of making in it: equal input gives equal bytes.
    """

    organisation: str
    title: str
    operator: str
    since: datetime
    until: datetime
    made_at: datetime
    facts: tuple[tuple[str, str], ...]
    about: tuple[About, ...]
    decision: str
    charts: tuple[Chart, ...]
    held: tuple[Held, ...]
    unit: str
    scale: int
    timeline: tuple[Told, ...]
    events: int
    size: int
    root: str
    sealed_at: datetime
    keys: tuple[str, ...]
    sums: dict[str, str] = field(default_factory=dict)
