"""What a batch says about attribution: touches, conversions, links, spend, rates. Pure."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from attribution import rules
from attribution.contracts import (
    AdClick,
    AdImpression,
    ConversionRecorded,
    OfflineTouched,
    RateSet,
    RateWithdrawn,
    SpendRecorded,
)
from attribution.store.words import CONVERSION_TYPE, DEVICES, KINDS, PRECISIONS
from eventlog import catalogue
from eventlog.contracts import StoredEvent
from ingest.contracts import Aliased, Tracked
from kernel import money

RELEVANT = frozenset(
    {
        "web.page",
        "app.screen",
        "custom.tracked",
        "user.identified",
        "user.aliased",
        "ad.click",
        "ad.impression",
        "offline.touched",
        "conversion.recorded",
        "spend.recorded",
        "money.rate_set",
        "money.rate_withdrawn",
    }
)
_KIND = {
    "ad.click": KINDS.index("click"),
    "ad.impression": KINDS.index("impression"),
    "offline.touched": KINDS.index("offline"),
}
_PRICED = AdClick | AdImpression | OfflineTouched
_LONGEST_VIEW_MS = 86_400_000
_CHANNEL, _CAMPAIGN, _SOURCE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class TouchFact:
    """A touch: the event, its labels, and what it cost (millionths; no currency: the tenant's)."""

    event: StoredEvent
    kind: int
    segment: int
    channel: str
    campaign: str
    source: str
    medium: str
    cost: int
    currency: str
    viewable: bool | None
    view_ms: int | None
    coarse: int


@dataclass(frozen=True, slots=True)
class LinkFact:
    """The event's subject and ``other`` are one person; a ``claim`` is a device's, for a while."""

    event: StoredEvent
    other: str
    claim: bool


@dataclass(frozen=True, slots=True)
class ConversionFact:
    """A conversion as its event reports it; others may report the same one."""

    event: StoredEvent
    conversion_type: str
    value: int
    order_id: str
    currency: str


@dataclass(frozen=True, slots=True)
class SpendFact:
    """A day's figure for a place."""

    day: date
    channel: str
    source: str
    campaign: str
    cost: int
    impressions: int
    clicks: int
    currency: str


@dataclass(frozen=True, slots=True)
class RateFact:
    """A rate in trillionths from a day on; ``None``: there is none for that day any more."""

    currency: str
    day: date
    base: str
    rate: int | None


@dataclass(slots=True)
class Facts:
    """All of a batch, in log order; ``labels`` are (dimension, label) in order of appearance."""

    touches: list[TouchFact] = field(default_factory=list)
    conversions: list[ConversionFact] = field(default_factory=list)
    links: list[LinkFact] = field(default_factory=list)
    spends: list[SpendFact] = field(default_factory=list)
    rates: list[RateFact] = field(default_factory=list)
    labels: dict[tuple[int, str], None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Whether the batch says anything at all."""
        return bool(self.touches or self.conversions or self.links or self.spends or self.rates)

    def subjects(self) -> set[str]:
        """Everybody the batch is about."""
        about = {fact.event.subject for fact in self.touches}
        about.update(fact.event.subject for fact in self.conversions)
        for link in self.links:
            about.update((link.event.subject, link.other))
        return about


def read(events: Sequence[StoredEvent]) -> Facts:
    """The facts in ``events``; types that say nothing about attribution are passed over."""
    facts = Facts()
    for event in events:
        if event.type in RELEVANT:
            _read_one(facts, event, catalogue.decode(event))
    return facts


def _read_one(facts: Facts, event: StoredEvent, body: Any) -> None:
    if isinstance(body, SpendRecorded):
        _spend(facts, body)
        return
    if isinstance(body, RateSet | RateWithdrawn):
        _rate(facts, body)
        return
    _links(facts, event, body)
    if body.touch:
        _touch(facts, event, body)
    found = _conversion(body)
    if found is not None:
        facts.labels[(CONVERSION_TYPE, found.conversion_type)] = None
        facts.conversions.append(
            ConversionFact(
                event, found.conversion_type, found.value, found.order_id, found.currency
            )
        )


def _links(facts: Facts, event: StoredEvent, body: Any) -> None:
    if body.person and body.person != event.subject:
        facts.links.append(LinkFact(event, body.person, claim=True))
    if isinstance(body, Aliased):
        for other in dict.fromkeys((body.previous, body.previous_user)):
            if other and other != body.person:
                facts.links.append(LinkFact(event, other, claim=False))


def _conversion(body: Any) -> rules.Recognised | None:
    if isinstance(body, ConversionRecorded):
        return rules.Recognised(
            conversion_type=body.conversion_type,
            value=money.micros(body.value),
            order_id=body.order_id or "",
            currency=money.currency_word(body.currency),
        )
    return rules.conversion(body.name, body.properties) if isinstance(body, Tracked) else None


def _touch(facts: Facts, event: StoredEvent, body: Any) -> None:
    touch = body.touch
    device = touch.get("device") or body.device
    priced = isinstance(body, _PRICED)
    fact = TouchFact(
        event=event,
        kind=_KIND.get(event.type, 0),
        segment=DEVICES.index(device) if device in DEVICES else 0,
        channel=str(touch.get("channel") or ""),
        campaign=str(touch.get("campaign") or ""),
        source=str(touch.get("source") or ""),
        medium=str(touch.get("medium") or ""),
        cost=money.micros(body.cost) if priced else 0,
        currency=money.currency_word(body.currency) if priced else "",
        viewable=body.viewable if isinstance(body, AdImpression) else None,
        view_ms=_milliseconds(body.view_seconds) if isinstance(body, AdImpression) else None,
        coarse=_coarse(body.precision) if isinstance(body, OfflineTouched) else 0,
    )
    _intern(facts, fact.channel, fact.campaign, fact.source)
    facts.touches.append(fact)


def _milliseconds(seconds: float | None) -> int | None:
    if seconds is None or not 0 <= seconds * 1000 <= _LONGEST_VIEW_MS:
        return None
    return round(seconds * 1000)


def _coarse(precision: str) -> int:
    return PRECISIONS.index(precision) if precision in PRECISIONS else 0


def _spend(facts: Facts, body: SpendRecorded) -> None:
    _intern(facts, body.channel, body.campaign, body.source)
    facts.spends.append(
        SpendFact(
            day=body.day,
            channel=body.channel,
            source=body.source,
            campaign=body.campaign,
            cost=money.micros(body.cost),
            impressions=body.impressions,
            clicks=body.clicks,
            currency=money.currency_word(body.currency),
        )
    )


def _rate(facts: Facts, body: RateSet | RateWithdrawn) -> None:
    """What can be no rate sets none: the rate before it holds on."""
    worth = None
    if isinstance(body, RateSet):
        with suppress(money.InvalidRate):
            worth = money.rate(body.rate)
    facts.rates.append(
        RateFact(
            currency=money.currency_word(body.currency),
            day=body.day,
            base=money.currency_word(body.base),
            rate=worth,
        )
    )


def _intern(facts: Facts, channel: str, campaign: str, source: str) -> None:
    facts.labels[(_CHANNEL, channel)] = None
    facts.labels[(_CAMPAIGN, campaign)] = None
    facts.labels[(_SOURCE, source)] = None


def microseconds(moment: datetime) -> int:
    """Microseconds since 1970, exactly."""
    whole = int(moment.replace(microsecond=0).timestamp())
    return whole * 1_000_000 + moment.microsecond
