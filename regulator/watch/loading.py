"""What a pass looks at, from the projections: a few bounded queries for all operators together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import numpy as np
from django.db import connection
from django.db.models import Min, Sum

from regulator.contracts import Severity
from regulator.contracts_anomalies import Level
from regulator.detectors.anomaly import Kind
from regulator.figures.projection import ALL
from regulator.figures.projection import DAY as DAYS
from regulator.models import (
    Anomaly,
    Feed,
    Operator,
    PlayedDay,
    Quiet,
    Receipt,
    Sensitivity,
    StakeCell,
    Total,
)
from regulator.watch import totals, watchers
from regulator.watch.ledger import Standing
from regulator.watch.market import (
    DAY,
    HOUR,
    Known,
    Market,
    assemble,
    known_until,
    midnight,
    quarter_before,
)
from regulator.watch.numbers import Contradicted
from regulator.watch.payouts import Key, Plays, gathered
from regulator.watch.played import Game, Played
from regulator.watch.sensitivity import Levels
from regulator.watch.sighting import FEED
from regulator.watch.silence import Heard
from regulator.watch.stakes import Staked

USUAL = HOUR
"""What is taken for a feed's interval before it sent ten batches."""
SHORTEST, LONGEST = timedelta(minutes=5), DAY
_BATCHES = 100
_LAGGING = 3 * DAY
_INTERVALS = """
SELECT operator, percentile_cont(0.9) WITHIN GROUP (ORDER BY gap)
FROM (SELECT operator, at - lag(at) OVER (PARTITION BY operator ORDER BY regulator_receipt.number)
             AS gap
      FROM regulator_receipt JOIN regulator_feed_head USING (operator)
      WHERE regulator_receipt.number > regulator_feed_head.number - %s) AS batches
WHERE gap IS NOT NULL GROUP BY operator HAVING count(*) >= 9
"""
_PLAYS = """
SELECT payload->>'operator', payload->>'game_type', %(hour)s::bigint,
       coalesce(sum((payload->>'amount')::bigint) FILTER (WHERE type = 'gaming.stake'), 0),
       coalesce(sum((payload->>'amount')::bigint) FILTER (WHERE type = 'gaming.payout'), 0)
FROM event
WHERE occurred_at >= %(start)s AND occurred_at < %(end)s
  AND type IN ('gaming.stake', 'gaming.payout')
GROUP BY 1, 2, subject, extract(epoch FROM occurred_at)::bigint / 600
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Feeds:
    """The register's operators with what is known of their feeds."""

    known: Mapping[str, Known]
    heard: Mapping[str, Heard]


def feeds(*, now: datetime, since: datetime) -> Feeds:
    """Operators whose feed has begun and whose licence holds; quiet stretches since ``since``."""
    entries = {row.name: row for row in Operator.objects.all()}
    first = _first_days(list(entries))
    quiet: defaultdict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for name, low, high in Quiet.objects.filter(until__gte=since).values_list(
        "operator", "since", "until"
    ):
        quiet[name].append((low, high))
    rows = Feed.objects.exclude(played_at=None).values_list("operator", "played_at")
    played: dict[str, datetime] = {name: at for name, at in rows if at is not None}
    intervals = _intervals()
    known, heard = {}, {}
    for name, entry in entries.items():
        if name not in first or name not in played:
            continue
        last = max([played[name], *(high for _, high in quiet[name])])
        interval = intervals.get(name, USUAL)
        ends = _ends(entry.licensed_until)
        known[name] = Known(
            currency=entry.currency, since=first[name] + DAY, quiet=tuple(sorted(quiet[name])),
            until=known_until(heard=last, interval=interval, now=now, until=ends),
        )  # fmt: skip
        if ends is None or now < ends:
            heard[name] = Heard(at=last, interval=interval)
    return Feeds(known=known, heard=heard)


def _ends(last: date | None) -> datetime | None:
    return datetime.combine(last + DAY, time(), UTC) if last else None


def _first_days(names: Sequence[str]) -> dict[str, datetime]:
    rows = Total.objects.filter(operator__in=names, span=DAYS, game=ALL)
    return dict(
        rows.values("operator").annotate(first=Min("start")).values_list("operator", "first")
    )


def _intervals() -> dict[str, timedelta]:
    """How long an operator usually lets pass between batches: nine in ten are sooner."""
    with connection.cursor() as cursor:
        cursor.execute(_INTERVALS, [_BATCHES])
        return {name: min(max(gap, SHORTEST), LONGEST) for name, gap in cursor.fetchall()}


def market(
    known: Mapping[str, Known], *, start: datetime, end: datetime, step: timedelta
) -> Market:
    """All operators' hours or days, of all games and of each: one query."""
    operators = tuple(sorted(known))
    return assemble(
        totals.read(operators, start=start, end=end, step=step), known, start=start, end=end,
        step=step,
    )  # fmt: skip


def honest_days(feeds: Feeds, *, today: datetime) -> Market:
    """Days since the quarter before: its first weeks are what the rest is held against.

    They end where the slowest operator's figures do, but nobody keeps the others waiting for long.
    Days on which a feed was broken are made good.
    """
    lagging = [midnight(each.until) for each in feeds.known.values()]
    end = min([today, *(each for each in lagging if each > today - _LAGGING)])
    found = market(feeds.known, start=quarter_before(today), end=end, step=DAY)
    broken = standing([str(kind) for kind in FEED], since=found.start)
    stretches = [(each.operator, each.started_at, each.ended_at) for each in broken]
    stretches += [(name, *part) for name, each in feeds.known.items() for part in each.quiet]
    spoilt: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for name, low, high in stretches:
        spoilt[name].append((found.place(low), found.place(high) + 1))
    return watchers.honest(found, spoilt)


def levels() -> Levels:
    """How sensitively each operator is watched."""
    rows = Sensitivity.objects.values_list("operator", "kind", "level")
    return Levels({(operator, kind): Level(level) for operator, kind, level in rows})


def standing(kinds: Iterable[str], *, since: datetime) -> list[Standing]:
    """Anomalies of these kinds that are not over, or that reached beyond ``since``."""
    rows = Anomaly.objects.filter(kind__in=list(kinds))
    found = rows.filter(over_at=None) | rows.filter(ended_at__gte=since)
    return [_standing(row) for row in found]


def _standing(row: Anomaly) -> Standing:
    return Standing(
        id=str(row.pk), operator=row.operator, kind=Kind(row.kind), started_at=row.started_at,
        ended_at=row.ended_at, severity=Severity(row.severity), over=row.over_at is not None,
    )  # fmt: skip


def records(*, since: datetime, until: datetime) -> int:
    """How many records all operators sent of this time."""
    rows = Total.objects.filter(span=DAYS, game=ALL, start__gte=since, start__lt=until)
    return rows.aggregate(sum=Sum("events"))["sum"] or 0


def plays(hours: Sequence[datetime]) -> dict[Key, Plays]:
    """What players staked and won in these hours; read from the log, which knows single records.

    An hour at a time: each is a short walk along the log's own order, however long the log is.
    """
    rows: list[tuple[str, str, int, int, int]] = []
    with connection.cursor() as cursor:
        for start in hours:
            number = int(start.timestamp()) // 3_600
            cursor.execute(_PLAYS, {"hour": number, "start": start, "end": start + HOUR})
            rows += cursor.fetchall()
    return gathered(rows)


def staked(*, since: date, currencies: Mapping[str, str]) -> list[Staked]:
    """Each operator's stakes by week and cell."""
    weeks: defaultdict[str, defaultdict[date, dict[int, int]]] = defaultdict(
        lambda: defaultdict(dict)
    )
    rows = StakeCell.objects.filter(week__gte=since, operator__in=list(currencies))
    for name, week, lowest, count in rows.values_list("operator", "week", "lowest", "count"):
        weeks[name][week][lowest] = count
    return [
        Staked(operator=name, currency=currencies[name], weeks=held)
        for name, held in sorted(weeks.items())
    ]


def played(feeds: Feeds, *, today: datetime, only: str = "") -> list[Played]:
    """Each operator's counted days since the quarter before, or since its first whole one.

    Or those of one operator ``only``.
    """
    begin = quarter_before(today)
    known = {
        name: each for name, each in feeds.known.items() if each.since and only in ("", name)
    }  # fmt: skip
    rows = PlayedDay.objects.filter(operator__in=list(known), day__gte=begin.date())
    held: defaultdict[str, list[PlayedDay]] = defaultdict(list)
    for row in rows.order_by("operator", "day").iterator():
        held[row.operator].append(row)
    found = []
    for name, days in sorted(held.items()):
        first = max(begin, midnight(known[name].since or begin)).date()
        last = min(today, midnight(known[name].until)).date()
        games = _games([row for row in days if first <= row.day < last], first, last)
        found.append(Played(operator=name, currency=known[name].currency, start=first, games=games))
    return found


def _games(rows: Sequence[PlayedDay], first: date, last: date) -> dict[str, Game]:
    """Days in a row of each game; a day without a row is one without play."""
    found = {}
    size = max((last - first).days, 0)
    for name in sorted({row.game for row in rows}):
        pairs, uneven = np.zeros(size), np.zeros(size)
        cells: list[dict[int, int]] = [{} for _ in range(size)]
        for row in [row for row in rows if row.game == name]:
            at = (row.day - first).days
            pairs[at], uneven[at] = row.pairs, row.uneven
            cells[at] = {int(lowest): count for lowest, count in row.cells.items()}
        found[name] = Game(pairs=pairs, uneven=uneven, cells=tuple(cells))
    return found


def contradicted(*, since: datetime) -> dict[str, list[Contradicted]]:
    """Records that were sent again with other content, by operator."""
    found: defaultdict[str, list[Contradicted]] = defaultdict(list)
    rows = Receipt.objects.filter(at__gt=since).exclude(faults=[])
    for name, at, faults in rows.values_list("operator", "at", "faults"):
        found[name] += [_contradicted(at, each) for each in faults]
    return found


def _contradicted(at: datetime, fault: Mapping[str, Any]) -> Contradicted:
    held = int(fault.get("held", 0))
    same = held == fault["sequence"]
    return Contradicted(at=at, held=0 if same else held, sent=fault["sequence"])
