"""What was decided about journeys, as pages and the API get it. No Django, frozen dataclasses.

Money in whole units, conversions in fractions, days in UTC, as in ``contracts``.
"""

from dataclasses import dataclass
from datetime import date, datetime

from attribution.journeys.rules import Rules


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesView:
    """The rules that hold, since when and by whom (``None``: nobody has set any).

    ``done`` of ``total`` people have been cut anew under them; both ``None`` when all are.
    """

    rules: Rules
    set_at: datetime | None
    actor: str
    done: int | None = None
    total: int | None = None

    @property
    def pending(self) -> bool:
        """Whether journeys are still being cut anew."""
        return self.done is not None

    @property
    def share(self) -> float:
        """How much of the work is done, in 0..1."""
        return min((self.done or 0) / self.total, 1.0) if self.total else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionItem:
    """A rejection or restoration. ``source`` is set where it is about all touches of a source.

    ``standing``: such a rejection still holds. ``named`` are the touches it names one by one,
    ``touches`` those it changed, and ``journeys`` theirs.
    """

    id: str
    at: datetime
    rejects: bool
    source: str | None
    start: date | None
    end: date | None
    standing: bool
    reason: str
    decided_by: str
    named: int
    touches: int
    journeys: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What a decision moved for one channel, campaign or source under one model.

    ``before`` and ``after``: conversions that the changed journeys credit to it; ``value_before``
    and ``value_after`` the money.
    """

    key: int
    label: str
    before: float
    after: float
    value_before: float
    value_after: float

    @property
    def moved(self) -> float:
        """Conversions gained (or lost)."""
        return self.after - self.before

    @property
    def value_moved(self) -> float:
        """Money gained (or lost)."""
        return self.value_after - self.value_before


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One number of the store of credit that a decision changed."""

    day: date
    conversion_type: str
    segment: str
    dimension: str
    label: str
    model: str
    before: float
    after: float
    value_before: float
    value_after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedJourneyItem:
    """A journey a decision changed: its path before and after (empty: there was, or is, none)."""

    id: int
    person: str
    conversion_type: str
    value: float
    ended_at: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDetail:
    """A decision with what it moved, per channel and per source (publisher)."""

    decision: DecisionItem
    channels: tuple[Moved, ...]
    sources: tuple[Moved, ...]
    journeys: tuple[MovedJourneyItem, ...]
    money: float
    """The money that changed hands between channels: what some lost, and others got."""
    unattributed: float
    """The money that no touch has a claim to any more (negative: has one again)."""
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MergedReport:
    """A report of a conversion that does not count, and the one that counts in its stead."""

    position: int
    rule: str
    conversion_type: str
    order_id: str
    at: datetime
    origin: str
    value: float
    subject: str
    counted_at: datetime
    counted_origin: str
    counted_value: float
    counted_person: str
