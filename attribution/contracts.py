"""The words this app publishes: its events, and what its queries return. No Django.

Money is in the tenant's currency, in whole units as ``float`` (12.5 is twelve and a half euros);
days are UTC; conversions under a model are fractional because a conversion is shared out. Events
say amounts in a ``currency`` of their own (absent: the tenant's), which count at their day's rate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import msgspec

from attribution.clicks import ClickTimes
from attribution.credit.verdict import Standing
from attribution.events import (
    OfflineTouched,
    RulesSet,
    SourceRejected,
    SourceRestored,
    TouchRejected,
    TouchRestored,
)
from attribution.journeys.rules import Merging, Rules, Views, Window
from attribution.money.figures import Aside
from eventlog.catalogue import event, upcaster
from eventlog.contracts import Cursor
from ingest.contracts import Observed, unchanged

__all__ = [
    "ClickTimes", "Merging", "OfflineTouched", "Rules", "RulesSet", "SourceRejected",
    "SourceRestored", "TouchRejected", "TouchRestored", "Views", "Window",
]  # fmt: skip


@event("ad.impression", version=3, expires=True)
class AdImpression(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """An advertisement was shown. ``cost`` is what this one impression cost, when known.

    ``viewable`` and ``view_seconds`` say whether it was in sight and for how long, when measured.
    """

    cost: float | None = None
    currency: str | None = None
    viewable: bool | None = None
    view_seconds: float | None = None


# The second version may say whether it was seen; the third has signals, as the others' second.
upcaster("ad.impression", from_version=1)(unchanged)
upcaster("ad.impression", from_version=2)(unchanged)
upcaster("ad.click", from_version=1)(unchanged)
upcaster("conversion.recorded", from_version=1)(unchanged)


@event("ad.click", version=2, expires=True)
class AdClick(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """An advertisement was clicked. ``cost`` is what this one click cost, when known."""

    cost: float | None = None
    currency: str | None = None


@event("conversion.recorded", version=2, expires=True)
class ConversionRecorded(Observed, frozen=True, kw_only=True, omit_defaults=True):
    """Something the advertiser wants happened. The same ``order_id`` of a type counts once."""

    conversion_type: str = "purchase"
    value: float = 0.0
    currency: str | None = None
    order_id: str | None = None


@event("spend.recorded", sent=True)
class SpendRecorded(msgspec.Struct, frozen=True, kw_only=True):
    """What a campaign cost on a day. A later record of the same day and place replaces the earlier.

    Advertising platforms restate a day until it settles, so a record holds the whole day's figure.
    The event's ``subject`` is empty: spend is about nobody.
    """

    day: date
    channel: str
    source: str = ""
    campaign: str = ""
    cost: float = 0.0
    currency: str | None = None
    impressions: int = 0
    clicks: int = 0


@event("money.rate_set")
class RateSet(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """From ``day`` on, until a rate of a later day, a unit of ``currency`` is worth ``rate``.

    The worth is in ``base``, the tenant's currency when absent; ``rate`` is decimal text, so that
    no digit is lost. A later record of the same day replaces the earlier.
    """

    day: date
    currency: str
    rate: str
    base: str | None = None


@event("money.rate_withdrawn")
class RateWithdrawn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The rate of ``currency`` set for ``day`` was a mistake: the one before it holds again."""

    day: date
    currency: str
    base: str | None = None


class By(StrEnum):
    """The dimension credit is given to."""

    CHANNEL = "channel"
    CAMPAIGN = "campaign"
    SOURCE = "source"


class Model(StrEnum):
    """The attribution models; the values are what the API and the pages take."""

    FIRST = "first"
    LAST = "last"
    LAST_NON_DIRECT = "last-non-direct"
    LINEAR = "linear"
    POSITION = "position"
    TIME_DECAY = "time-decay"
    MARKOV = "markov"
    SHAPLEY = "shapley"
    DATA_DRIVEN = "data-driven"
    SURVIVAL = "survival"
    DEEP = "deep"
    ENSEMBLE = "ensemble"


LEARNED = (Model.DATA_DRIVEN, Model.SURVIVAL, Model.DEEP, Model.ENSEMBLE)
"""Models the worker fits; their credit is as of the last fit."""


MODEL_LABELS: dict[Model, str] = {
    Model.FIRST: "First touch",
    Model.LAST: "Last touch",
    Model.LAST_NON_DIRECT: "Last non-direct touch",
    Model.LINEAR: "Linear",
    Model.POSITION: "Position based (40/20/40)",
    Model.TIME_DECAY: "Time decay (7 days)",
    Model.MARKOV: "Markov chain",
    Model.SHAPLEY: "Shapley value",
    Model.DATA_DRIVEN: "Data-driven",
    Model.SURVIVAL: "Survival",
    Model.DEEP: "Deep (attention)",
    Model.ENSEMBLE: "Ensemble",
}

EVERY = "all"
"""The value of ``segment`` and ``conversion_type`` that means: no restriction."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditRow:
    """One channel, campaign or source in a report.

    ``share`` is of the report's conversions, in 0..1; ``cpa``, ``roas`` and ``roi`` are ``None``
    without cost (or conversions); ``roi`` is what came back beyond the cost, per unit of it.
    ``new_customers`` are conversions that are the first of their type of their person, ``cac`` is
    the cost of one; both ``None`` where they were not asked for; ``removal_effect`` is ``None`` for
    models without one. The bounds hold the true figure with 95 % confidence, ``standing`` says what
    they allow to be said; both are ``None`` where no intervals were asked for. ``touches`` are
    those that happened in the range. ``confidence``, 0..1, is the ensemble's: how far its members
    agree on the row's touches.
    """

    key: int
    label: str
    conversions: float
    value: float
    cost: float
    cpa: float | None
    roas: float | None
    share: float
    touches: int
    removal_effect: float | None = None
    conversions_low: float | None = None
    conversions_high: float | None = None
    value_low: float | None = None
    value_high: float | None = None
    roas_low: float | None = None
    roas_high: float | None = None
    cpa_low: float | None = None
    cpa_high: float | None = None
    roi: float | None = None
    roi_low: float | None = None
    roi_high: float | None = None
    new_customers: float | None = None
    new_customers_low: float | None = None
    new_customers_high: float | None = None
    cac: float | None = None
    cac_low: float | None = None
    cac_high: float | None = None
    standing: Standing | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditTotals:
    """Sums of a report. ``unattributed`` conversions have no touch within the look-back window.

    ``conversions`` and ``value`` are what the rows share out; the unattributed come on top.
    ``journeys`` are converting and null ones together. ``new_customers`` and ``cac`` as in the
    rows.
    """

    conversions: float
    value: float
    cost: float
    cpa: float | None
    roas: float | None
    touches: int
    journeys: int
    nulls: int
    unattributed_conversions: int
    unattributed_value: float
    roi: float | None = None
    new_customers: float | None = None
    unattributed_new_customers: int | None = None
    cac: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributionReport:
    """Credit under one model, and the place in the log it was computed from (``log``).

    Rows are sorted by conversions, largest first. ``start`` and ``end`` are both included. A
    learned model has been fitted at ``fitted_at`` and at the place ``log``; before its first fit it
    has no credit, and ``fitted_at`` is ``None``; ``note`` says what should be known of its
    fit. While ``pending`` the worker computes the rows' intervals, which are there when the report
    is asked for again. ``aside`` are amounts of these
    days that no exchange rate gives a worth: no figure holds them.
    """

    model: Model
    params: Mapping[str, float | int]
    by: By
    segment: str
    conversion_type: str
    start: date
    end: date
    rows: tuple[CreditRow, ...]
    totals: CreditTotals
    currency: str
    log: Cursor
    fitted_at: datetime | None = None
    note: str = ""
    pending: bool = False
    aside: tuple[Aside, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The same range under several models: ``reports[i]`` belongs to ``models[i]``.

    ``labels`` are the rows' labels of all models, by name;
    ``conversions[label][model]`` and ``value[label][model]`` are 0.0 where a model gives nothing.
    """

    models: tuple[Model, ...]
    labels: tuple[str, ...]
    conversions: Mapping[str, Mapping[Model, float]]
    value: Mapping[str, Mapping[Model, float]]
    reports: tuple[AttributionReport, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The headline of a period. ``journeys`` counts converting and null ones."""

    conversions: int
    new_customers: int
    revenue: float
    cost: float
    roas: float | None
    cpa: float | None
    cac: float | None
    journeys: int
    touches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayFigures:
    """One day of the overview's series."""

    day: date
    conversions: int
    new_customers: int
    revenue: float
    cost: float
    journeys: int
    touches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How current the figures are: events waiting and the age in seconds of the oldest of them."""

    waiting: int
    seconds: float
    log: Cursor


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A period, the period of the same length before it, and every day (also the empty ones)."""

    start: date
    end: date
    current: Figures
    previous: Figures
    days: tuple[DayFigures, ...]
    freshness: Freshness
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceRow(CreditRow):
    """A channel or campaign with what it cost and earned, new customers among it.

    ``impressions`` and ``clicks`` are those of touches and those recorded with spend.
    """

    impressions: int
    clicks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyItem:
    """One journey in a list. ``path`` are channel labels in order; ``value`` is 0 for null ones."""

    id: int
    person: str
    converted: bool
    conversion_type: str
    value: float
    segment: str
    touches: int
    path: tuple[str, ...]
    started_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TouchDetail:
    """A touch of a journey with its credit per model, in conversions.

    Added up over touches a model's credit is its report: of the days, segments and channels they
    lie in; for Markov, which credits channels for a range of days as a whole, of all days known.
    Models the worker fits are as of the last fit. ``confidence``, 0..1, is how far the members of
    the ensemble agree on the touch; ``None`` before its first fit. ``precision`` says what is known
    of ``at``: minute, hour or day.
    """

    at: datetime
    channel: str
    source: str
    medium: str
    campaign: str
    device: str
    kind: str
    event_id: str
    subject: str
    credit: Mapping[Model, float]
    precision: str = "minute"
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyDetail:
    """A journey with its touches; null journeys hardly carry credit (see ``TouchDetail``)."""

    journey: JourneyItem
    order_id: str
    touches: tuple[TouchDetail, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDetail:
    """A person's journeys, newest first. ``subjects`` were stitched together."""

    person: str
    subjects: tuple[str, ...]
    journeys: tuple[JourneyDetail, ...]
    conversions: int
    value: float
    currency: str
    log: Cursor
