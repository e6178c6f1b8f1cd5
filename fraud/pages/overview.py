"""The fraud overview: what was not let through, what it was worth, of whom; what waits."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from charts import specs
from fraud.contracts import EventFraud
from fraud.overview.queries import Overview, newest, overview
from fraud.overview.sums import Amounts, Line
from fraud.rules.words import NAMES
from fraud.scoring import policy
from kernel import clock
from portal import daterange
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_SHOWN = 20
_LINE_HEADER = [
    "name", "cases", "share", "review", "blocked", "value", "blocked_value", "currency",
    "other_currencies",
]  # fmt: skip
_TABLES = ("days", "kinds", "publishers", "campaigns")


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Figures, days, and who and what they come from; ``?format=csv&table=`` downloads one."""
    days = _days(request)
    found = overview(start=days.start, end=days.end)
    if request.GET.get("format") == "csv":
        return _csv(request.GET.get("table", ""), found)
    may = Permission.MANAGE_JOURNEYS in allowed(request)
    context = {
        "found": found,
        "range": days,
        "ranges": daterange.RANGES,
        "cases_url": _cases(days),
        "saved": found.total.blocked_value,
        "tables": _tables(found, days),
        "on": policy.current().on,
        "ever": bool(found.total.cases) or newest() is not None,
        "may": may,
        **_chart(found),
    }
    return render_page(request, "fraud/overview.html", context)


def _days(request: HttpRequest) -> daterange.DateRange:
    """The range asked for; without one the last 30 days, of what there is."""
    today = clock.now().date()
    if daterange.asked(request.GET):
        return daterange.parse(request.GET, today)
    return daterange.newest(newest(), today)


def _cases(days: daterange.DateRange, **of: str) -> str:
    """The address of the cases of these days, and of what else is said."""
    dates = {"start": days.start.isoformat(), "end": days.end.isoformat()}
    return f"{reverse('cases')}?{urlencode({'range': 'custom', **dates, **of})}"


def _tables(found: Overview, days: daterange.DateRange) -> list[dict[str, Any]]:
    """The tables by what they are of: rows with their name and where their cases are."""
    of = (
        ("kinds", "Kind of fraud", "kind", found.kinds),
        ("publishers", "Publisher", "publisher", found.publishers),
        ("campaigns", "Campaign", "campaign", found.campaigns),
    )
    return [
        {"id": table, "title": title, "rest": max(len(lines) - _SHOWN, 0),
         "rows": [
             (_name(table, line), _cases(days, **{word: line.key}) if line.key else "", line)
             for line in lines[:_SHOWN]
         ]}
        for table, title, word, lines in of
    ]  # fmt: skip


def _name(table: str, line: Line) -> str:
    if table != "kinds":
        return line.key
    return NAMES[EventFraud(line.key)] if line.key else "the model alone"


def _chart(found: Overview) -> dict[str, Any]:
    series: dict[str, Sequence[specs.Point]] = {
        "Blocked": [specs.Point(day=each.day, value=each.blocked) for each in found.days],
        "To review": [specs.Point(day=each.day, value=each.review) for each in found.days],
    }
    today = clock.now().date()
    most = max(found.days, key=lambda each: each.blocked + each.review)
    return {
        "chart": specs.lines(title="Cases per day", series=series, unfinished=today),
        "running": found.end >= today,
        "summary": f"Cases per day from {found.start:%d %B %Y} to {found.end:%d %B %Y}, most on"
        f" {most.day:%d %B}: {most.blocked:,} blocked and {most.review:,} to review.",
    }


def _csv(table: str, found: Overview) -> HttpResponse:
    """One of the page's tables; the days when ``table`` is none of them."""
    chosen = table if table in _TABLES else "days"
    if chosen == "days":
        lines = [[each.day, each.blocked, each.review] for each in found.days]
        return csv_response("fraud-days.csv", ["day", "blocked", "review"], lines)
    rows: Sequence[Line] = getattr(found, chosen)
    return csv_response(f"fraud-{chosen}.csv", _LINE_HEADER, [_line(chosen, row) for row in rows])


def _line(table: str, row: Line) -> list[object]:
    return [
        _name(table, row), row.cases, round(row.share, 6), row.review, row.blocked,
        row.value[0].amount, row.blocked_value[0].amount, row.value[0].currency,
        _others(row.value),
    ]  # fmt: skip


def _others(value: Amounts) -> str:
    """Amounts of other currencies, in words."""
    return "; ".join(f"{each.amount:.2f} {each.currency}" for each in value[1:])
