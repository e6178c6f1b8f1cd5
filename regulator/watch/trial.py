"""What each level would have flagged in the last days: the pass's own watchers, nothing kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.core.cache import cache

from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Kind
from regulator.watch import loading, played, stakes, watchers
from regulator.watch.market import DAY, HOUR, Market, midnight
from regulator.watch.passes import FIRST, HISTORY
from regulator.watch.played import Played
from regulator.watch.sensitivity import Levels
from regulator.watch.sighting import Sighting, explained, joined
from regulator.watch.stakes import Staked

TRIED = (
    Kind.FEED_DROP, Kind.PARTIAL_DROP, Kind.BASELINE, Kind.THINNING, Kind.DIGITS,
    Kind.MISSING_HIGH_STAKES,
)  # fmt: skip
"""Kinds that can be tried on the past at once; silence and payouts are judged as they happen."""
_KEPT_SECONDS = 3_600


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What the levels are tried on: all operators' hours and days, one operator's stakes."""

    hours: Market
    days: Market
    staked: tuple[Staked, ...]
    played: tuple[Played, ...]
    since: datetime
    until: datetime


def tried(operator: str, *, now: datetime) -> Mapping[Level, tuple[Sighting, ...]]:
    """Of each level what it would have flagged at ``operator`` in 90 days; remembered an hour."""
    end = now.replace(minute=0, second=0, microsecond=0)
    key = f"regulator-tried-{operator}-{end:%Y%m%d%H}"
    known: Mapping[Level, tuple[Sighting, ...]] | None = cache.get(key)
    if known is None:
        looked = _looked(operator, now=now)
        known = {level: tuple(flagged(looked, operator, level)) for level in Level}
        cache.set(key, known, _KEPT_SECONDS)
    return known


def flagged(looked: Looked, operator: str, level: Level) -> list[Sighting]:
    """What one level flags at one operator, in the order of time."""
    levels = Levels({(operator, ""): level})
    hourly = watchers.watch(looked.hours, levels, watchers.HOURLY, only=operator)
    seen = joined(explained(joined(hourly)))
    seen += watchers.watch(looked.days, levels, watchers.DAILY, only=operator)
    seen += played.short(looked.played, levels, among=len(looked.hours.operators))
    since, until = stakes.monday(looked.since.date()), stakes.monday(looked.until.date())
    seen += stakes.compare(looked.staked, levels, since=since, until=until, only=operator)
    return joined([each for each in seen if each.ended_at > looked.since])


def _looked(operator: str, *, now: datetime) -> Looked:
    since = now - FIRST
    feeds = loading.feeds(now=now, since=since - HISTORY)
    end, today = now.replace(minute=0, second=0, microsecond=0), midnight(now)
    hours = loading.market(feeds.known, start=midnight(since - HISTORY), end=end, step=HOUR)
    currencies = {name: each.currency for name, each in feeds.known.items()}
    first = stakes.monday(since.date())
    return Looked(
        hours=hours, since=since, until=today,
        days=loading.honest_days(feeds, today=today),
        played=tuple(loading.played(feeds, today=today, only=operator)),
        staked=tuple(
            loading.staked(since=first - stakes.PAST * 7 * DAY, currencies=currencies)
        ),
    )  # fmt: skip
