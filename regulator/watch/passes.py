"""One pass over all operators: load, judge, hold against what stands, tell the log. Once each.

*Hours* is the light pass, of every few minutes: drops, silence, unusual hours, payouts, numbers.
*Days* is the nightly one: thinning, missing beats and high stakes, digits, holds, learned
detectors, tax, versions of returns. Each goes on from where it stopped (``Watch``), and judges with
the same numbers whether it runs every hour or once after a pause: what an hour is judged by reaches
``HISTORY`` back and no further.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.core.cache import cache
from django.db import transaction

from eventlog.append import append
from eventlog.contracts import NewEvent
from eventlog.said import said
from eventlog.tenancy import active_schema
from kernel.errors import NotFound
from regulator.contracts import Rates
from regulator.contracts_anomalies import AnomalyEnded, AnomalyExtended, AnomalyFound, Seen
from regulator.detectors.anomaly import Kind
from regulator.learned import reading, serving
from regulator.learned.detecting import HISTORY as LEARNED_FROM
from regulator.learned.detecting import LEAST_HISTORY, MOST_DAYS
from regulator.models import Operator, Watch
from regulator.operators.commands import terms
from regulator.queries_returns import every_version
from regulator.watch import (
    beside,
    counting,
    filings,
    holds,
    learned,
    loading,
    numbers,
    payouts,
    played,
    silence,
    stakes,
    watchers,
)
from regulator.watch.ledger import Judged, News, news
from regulator.watch.loading import Feeds
from regulator.watch.market import DAY, HOUR, Market, midnight, quarter_before
from regulator.watch.sensitivity import Levels
from regulator.watch.sighting import FEED, LASTING, Sighting, explained, joined

SOURCE = "watch"
HISTORY = timedelta(weeks=13)
"""What an hour is judged by: six weeks of slots, a week's level, six weeks of deviations."""
FIRST = timedelta(days=90)
"""How far back the first pass goes, and the longest pause that is caught up with."""
LEARNED_FOR = timedelta(days=28)
"""How far back what games pay is learned from."""
_GAMES = "regulator-watch-learned-games"
_KEPT_SECONDS = 3 * 86_400
_PLAYED = 48
"""Hours whose single records are judged in one pass at most."""
HOURLY_KINDS = frozenset({*FEED, Kind.BASELINE, Kind.PAYOUT_SPIKE, Kind.RENUMBERED})
DAILY_KINDS = frozenset(
    {
        Kind.THINNING,
        Kind.DIGITS,
        Kind.MISSING_HIGH_STAKES,
        Kind.UNDER_REPORTING,
        *LASTING,
        *learned.KINDS,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """What a pass has seen, of which kinds, and until when each operator was judged by it."""

    name: str
    kinds: frozenset[Kind]
    seen: Sequence[Sighting]
    until: Mapping[str, datetime]


def hours(*, now: datetime) -> News:
    """The light pass; what is new."""
    before = _judged("hours")
    feeds = loading.feeds(now=now, since=now - FIRST - HISTORY)
    until = {name: _whole(each.until, HOUR) for name, each in feeds.known.items()}
    since = _since(before, until, now)
    end = now.replace(minute=0, second=0, microsecond=0) + HOUR
    market = loading.market(feeds.known, start=midnight(since - HISTORY), end=end, step=HOUR)
    levels = loading.levels()
    seen = [
        *watchers.watch(market, levels, watchers.HOURLY),
        *silence.silent(market, feeds.heard, levels, now=now),
        *_payouts(market, feeds, levels, since=since, now=now),
        *numbers.renumbered(loading.contradicted(since=since)),
    ]
    seen = joined(explained(joined(seen)))
    return _tell(Pass(name="hours", kinds=HOURLY_KINDS, seen=seen, until=until), before, now)


def _payouts(
    market: Market, feeds: Feeds, levels: Levels, *, since: datetime, now: datetime
) -> list[Sighting]:
    """Payouts of the last hours that are over, together with those just before them."""
    learned: payouts.Learned | None = cache.get(_GAMES)
    if learned is None:
        learned = learn_games(now=now)
    first = max(market.place(max(since, market.at(market.size) - _PLAYED * HOUR)), 0)
    wanted = [market.at(n) for n in range(max(first - payouts.BACK, 0), market.size - 1)]
    if first >= market.size - 1 or not feeds.known:
        return []
    seen = beside.spikes(market, learned.late, levels, since=first)
    if learned.games:
        currencies = {name: each.currency for name, each in feeds.known.items()}
        plays = {
            key: payouts.until(each, int(feeds.known[key[0]].until.timestamp()) // 3_600)
            for key, each in loading.plays(wanted).items()
            if key[0] in feeds.known
        }
        hour = int(market.at(first).timestamp()) // 3_600
        seen += payouts.spikes(learned.games, plays, levels, currencies=currencies, first=hour)
    return seen


def learn_games(*, now: datetime) -> payouts.Learned:
    """Learn what each operator's games pay, from hours of four weeks, and keep it."""
    end = now.replace(minute=0, second=0, microsecond=0) - HOUR
    step = payouts.every(loading.records(since=end - LEARNED_FOR, until=end))
    sample = [end - n * HOUR for n in range(0, LEARNED_FOR // HOUR, step)]
    learned = payouts.learn(loading.plays(sample))
    cache.set(_GAMES, learned, _KEPT_SECONDS)
    return learned


def days(*, now: datetime) -> News:
    """The nightly pass; what is new."""
    before = _judged("days")
    today = midnight(now)
    feeds = loading.feeds(now=now, since=today - 3 * FIRST)
    until = {name: midnight(each.until) for name, each in feeds.known.items()}
    begin = _since(before, until, now)
    since = begin.date()
    first = quarter_before(today).date()
    counting.count(since=first, today=today.date())
    counting.forget(before=first)
    levels = loading.levels()
    versions = every_version()
    seen = [
        *watchers.watch(loading.honest_days(feeds, today=today), levels, watchers.DAILY),
        *played.short(loading.played(feeds, today=today), levels, among=len(feeds.known)),
        *_staked(feeds, levels, since, today.date()),
        *_holds(feeds, levels, today),
        *_learned(begin, today),
        *filings.taxes(versions, _rates()),
        *filings.incidents(versions),
    ]
    until |= {each.operator: today for each in seen if each.operator not in until}
    return _tell(Pass(name="days", kinds=DAILY_KINDS, seen=joined(seen), until=until), before, now)


def _learned(since: datetime, today: datetime) -> list[Sighting]:
    """What the learned detectors say of the days since, a month at most; nothing without any."""
    model = serving.champion()
    if model is None:
        return []
    hours = min(max((today - since) // HOUR, 24), MOST_DAYS * 24)
    try:
        series = reading.series(until=today, hours=hours + LEARNED_FROM)
    except NotFound:
        return []
    first = len(series) - hours
    return learned.learned(series, model, first=first) if first >= LEAST_HISTORY else []


def _staked(feeds: Feeds, levels: Levels, since: date, today: date) -> list[Sighting]:
    first = stakes.monday(since)
    currencies = {name: each.currency for name, each in feeds.known.items()}
    held = loading.staked(
        since=first - timedelta(weeks=stakes.PAST), currencies=currencies
    )  # fmt: skip
    return stakes.compare(held, levels, since=first, until=stakes.monday(today))


def _holds(feeds: Feeds, levels: Levels, today: datetime) -> list[Sighting]:
    """Of weekly returns where a market files them; otherwise of three years of the feed."""
    found = holds.of_returns(every_version(current_only=True))
    if found is None:
        monday = today - timedelta(days=today.weekday())
        start = monday - timedelta(weeks=156)
        market = loading.market(feeds.known, start=start, end=monday, step=DAY)
        found = holds.of_feed(market)
    return holds.short(found, levels) if found else []


def _rates() -> dict[str, Sequence[Rates]]:
    return {row.name: terms(row).rates for row in Operator.objects.all()}


def _tell(done: Pass, before: Mapping[str, datetime], now: datetime) -> News:
    """Append what is new and move on, in one transaction; nothing where another pass was faster."""
    earliest = min((each.started_at for each in done.seen), default=now)
    since = {name: before.get(name, now - FIRST) for name in {*done.until, *_whose(done)}}
    judged = Judged(kinds=done.kinds, since=since, until=done.until)
    standing = loading.standing([str(kind) for kind in done.kinds], since=earliest - FIRST)
    told = news(done.seen, standing, judged, space=active_schema())
    with transaction.atomic():
        Watch.objects.get_or_create(name=done.name)
        row = Watch.objects.select_for_update().get(name=done.name)
        if _read(row) != before:
            return News()
        if told:
            append(_events(told, now), recorded_at=now)
        row.judged = {name: at.isoformat() for name, at in {**before, **done.until}.items()}
        row.ran_at = now
        row.save()
    return told


def _whose(done: Pass) -> set[str]:
    return {each.operator for each in done.seen}


def _events(told: News, now: datetime) -> list[NewEvent]:
    bodies: list[tuple[str, Seen | AnomalyEnded]] = [
        *(("found", _body(AnomalyFound, key, each)) for key, each in told.found),
        *(("extended", _body(AnomalyExtended, key, each)) for key, each in told.extended),
        *(("ended", AnomalyEnded(anomaly=key)) for key in told.ended),
    ]
    return [said(f"gaming.anomaly_{what}", body, source=SOURCE, now=now) for what, body in bodies]


def _body(shape: type[Seen], key: str, each: Sighting) -> Seen:
    return shape(
        anomaly=key, operator=each.operator, kind=str(each.kind), started_at=each.started_at,
        ended_at=each.ended_at, severity=each.severity, score=float(f"{each.score:.6g}"),
        evidence=dict(each.evidence), explanation=each.explanation,
    )  # fmt: skip


def _judged(name: str) -> dict[str, datetime]:
    row = Watch.objects.filter(name=name).first()
    return _read(row) if row else {}


def _read(row: Watch) -> dict[str, datetime]:
    return {name: datetime.fromisoformat(at) for name, at in row.judged.items()}


def _since(
    before: Mapping[str, datetime], until: Mapping[str, datetime], now: datetime
) -> datetime:
    """From when on something may be new: where the operator stopped that was judged least far.

    An operator of whom nothing more will come does not hold the others back.
    """
    earliest = now - FIRST
    behind = [
        max(before.get(name, earliest), earliest)
        for name, end in until.items()
        if before.get(name, earliest) < end
    ]
    return min(behind, default=now)


def _whole(moment: datetime, step: timedelta) -> datetime:
    return midnight(moment) + (moment - midnight(moment)) // step * step
