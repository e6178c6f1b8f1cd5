"""An operator's feed as a chart and a table: by hour, day or game, with what was wrong over it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest

from charts.timeline import Bin, Mark, Stretch, kinds_of, timeline
from portal import daterange
from regulator import queries, queries_feed
from regulator.contracts import Terms
from regulator.contracts_anomalies import AnomalyState
from regulator.feeds.timeline import silences
from regulator.figures.projection import DAY, HOUR
from regulator.money import major
from regulator.pages.forms import GAMES
from regulator.queries import SpanFigures
from regulator.queries_anomalies import anomalies_of

BY = {"day": "Day", "hour": "Hour", "game": "Game"}
_LISTED = 100
HOURS = 14
"""Days that are shown by the hour at once."""
_LENGTH = {HOUR: timedelta(hours=1), DAY: timedelta(days=1)}
_TITLES = {"hour": "Records by hour", "day": "GGR by day", "game": "Stakes by game"}
_WORDS = {
    "hour": "Records of each hour in UTC.",
    "day": "Stakes less payouts less refunds, by day in UTC. A negative day is one on which players"
    " won more than they staked.",
    "game": "Stakes by day in UTC, the games on top of each other.",
}
_HEADER = ["currency", "stakes", "payouts", "refunds", "ggr", "margin", "events", "players"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which days, and by what. By the hour it is the last of them."""

    by: str
    days: daterange.DateRange

    @property
    def start(self) -> date:
        """The first day that is shown."""
        if self.by != "hour":
            return self.days.start
        return max(self.days.start, self.days.end - timedelta(days=HOURS - 1))

    @property
    def span(self) -> str:
        """The span of a bar."""
        return HOUR if self.by == "hour" else DAY


def read(request: HttpRequest, entry: Terms, today: date) -> Asked:
    """What the query string asks for; without a range the newest days there are."""
    by = request.GET.get("by", "")
    if daterange.asked(request.GET):
        days = daterange.parse(request.GET, today)
    else:
        days = daterange.newest(queries_feed.newest(entry.operator), today)
    return Asked(by=by if by in BY else "day", days=days)


def table(asked: Asked, entry: Terms) -> tuple[str, list[str], list[list[Any]]]:
    """A file's name, header and rows: what the chart shows, in numbers."""
    by_game = asked.by == "game"
    name = "hour" if asked.span == HOUR else "day"
    header = [name, *(["game"] if by_game else []), *_HEADER]
    rows = []
    for each in _spans(asked, entry):
        line = _numbers(each)
        at = each.start if asked.span == HOUR else each.start.date()
        rows.append([at, *([each.game] if by_game else []), *(line[name] for name in _HEADER)])
    return f"{entry.operator}-{asked.by}s.csv", header, rows


def context(asked: Asked, entry: Terms, now: datetime) -> dict[str, Any]:
    """The chart with its sentence, and the numbers behind it."""
    spans = _spans(asked, entry)
    title, text = _TITLES[asked.by], _WORDS[asked.by]
    shared = {
        "by": asked.by, "choices": BY.items(), "title": title, "text": text,
        "spans": [_numbers(each) for each in reversed(spans[-_LISTED:])],
        "unlisted": max(len(spans) - _LISTED, 0), "hourly": asked.span == HOUR,
        "shortened": asked.start > asked.days.start, "hours": HOURS,
        "ever": bool(spans) or queries_feed.newest(entry.operator) is not None,
    }  # fmt: skip
    if not spans:
        return shared
    low = datetime.combine(asked.start, time(), UTC)
    high = min(datetime.combine(asked.days.end + timedelta(days=1), time(), UTC), now)
    stretches = [each for overlay in OVERLAYS for each in overlay(entry.operator, low, high)]
    marks = _marks(entry.operator, low, high)
    bins = [_bin(asked, each) for each in spans]
    unit = "records" if asked.by == "hour" else entry.currency
    chart = timeline(title=title, bins=bins, stretches=stretches, marks=marks, unit=unit)
    best = max(bins, key=lambda each: each.value)
    said = f"{len(stretches)} stretch{'es' if len(stretches) != 1 else ''} and {len(marks)} mark"
    return {
        **shared, "chart": chart, "running": asked.days.end >= now.date(),
        "kinds": kinds_of(stretches, marks),
        "summary": f"{title}: the highest is {best.value:,.2f} {unit}, {best.start:%-d %B %H:%M}"
        f" UTC; {said}{'s' if len(marks) != 1 else ''} of what was wrong are drawn over it.",
    }  # fmt: skip


def _spans(asked: Asked, entry: Terms) -> list[SpanFigures]:
    return queries.spans(
        entry.operator, span=asked.span, start=asked.start, end=asked.days.end,
        by_game=asked.by == "game",
    )  # fmt: skip


def _bin(asked: Asked, each: SpanFigures) -> Bin:
    figures = each.figures
    value = {
        "hour": float(figures.events),
        "day": major(figures.ggr, figures.currency),
        "game": major(figures.stakes, figures.currency),
    }[asked.by]
    names = {str(game): text for game, text in GAMES.items()}
    group = names.get(each.game, each.game) if each.game else _TITLES[asked.by]
    return Bin(start=each.start, end=each.start + _LENGTH[asked.span], value=value, group=group)


def _silences(name: str, start: datetime, end: datetime) -> list[Stretch]:
    """Hours without any record, from the feed's first one on."""
    first = queries_feed.first_hour(name)
    if first is None:
        return []
    hours = queries_feed.hours(name, start, end)
    return [
        Stretch(
            start=low, end=high, kind="no record",
            text=f"{(high - low) // _LENGTH[HOUR]} hours without a record",
        )
        for low, high in silences(hours, since=max(start, first), until=end)
    ]  # fmt: skip


def _anomalies(name: str, start: datetime, end: datetime) -> list[Stretch]:
    """What the watch found unusual and nobody dismissed."""
    return [
        Stretch(
            start=max(each.started_at, start), end=min(each.ended_at, end), kind="anomaly",
            text=f"{each.kind_name} ({each.severity})",
        )
        for each in anomalies_of(name, start.date(), end.date())
        if each.state is not AnomalyState.DISMISSED
    ]  # fmt: skip


OVERLAYS: tuple[Callable[[str, datetime, datetime], Sequence[Stretch]], ...] = (
    _silences, _anomalies,
)  # fmt: skip
"""What is shaded behind the bars: each gives an operator's stretches between two moments."""


def _marks(name: str, start: datetime, end: datetime) -> list[Mark]:
    """Holes when they were noticed; batches that were late or in part turned away, by the hour."""
    marks = [
        Mark(at=each.opened_at, kind="missing numbers",
             text=f"{each.count:,} never came: {each.first:,} to {each.last:,}")
        for each in queries_feed.holes(name, start, end)
    ]  # fmt: skip
    for at, batches, late, refused in queries_feed.troubled(name, start, end):
        of = f"in {batches:,} batch{'es' if batches != 1 else ''}"
        if late:
            marks.append(Mark(at=at, kind="late", text=f"{late:,} came a day late or more, {of}"))
        if refused:
            marks.append(Mark(at=at, kind="turned away", text=f"{refused:,} contradicted, {of}"))
    return marks


def _numbers(each: SpanFigures) -> dict[str, Any]:
    figures, unit = each.figures, each.figures.currency
    return {
        "start": each.start, "game": each.game, "currency": unit,
        "stakes": major(figures.stakes, unit), "payouts": major(figures.payouts, unit),
        "refunds": major(figures.refunds, unit), "ggr": major(figures.ggr, unit),
        "margin": figures.margin, "events": figures.events, "players": figures.players,
    }  # fmt: skip
