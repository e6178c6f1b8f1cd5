"""Publishers by their click to install times: who claims installs that happened anyway."""

from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries as attribution
from charts.specs import Bar, grouped_bars
from fraud import queries
from fraud.ctit import words
from fraud.ctit.judge import Standing
from kernel import clock
from portal import daterange
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_SHOWN = 100
_OTHERS = "All others"
_BINS = (
    ("3 s", 0.0, 3.0), ("10 s", 3.0, 10.0), ("1 min", 10.0, 60.0), ("10 min", 60.0, 600.0),
    ("1 h", 600.0, 3_600.0), ("2 h", 3_600.0, 7_200.0), ("1 d", 7_200.0, 86_400.0),
    ("more", 86_400.0, np.inf),
)  # fmt: skip
"""Up to how long after the click, from and to seconds; the names fit on a telephone."""
_HEADER = [
    "source", "installs", "clicks", "median_seconds", "within_hour", "within_day",
    "not_owed_installs", "found", "explanation",
]  # fmt: skip


@page(Permission.VIEW_REPORTS)
def publishers(request: HttpRequest) -> HttpResponse:
    """All sources, the most suspicious first, with the times of one beside all others'."""
    days, types = _days(request), queries.conversion_types()
    kind = request.GET.get("type") or queries.INSTALL
    found = queries.ctit(start=days.start, end=days.end, conversion_type=kind)
    standings, findings = found.judged.standings, found.judged.findings
    if request.GET.get("format") == "csv":
        return csv_response("publishers.csv", _HEADER, [_line(each) for each in standings])
    asked = {
        "from": days.start.isoformat(), "to": days.end.isoformat(), "conversion_type": kind,
    }  # fmt: skip
    context = {
        "range": days,
        "ranges": daterange.RANGES,
        "types": types,
        "kind": kind,
        "installs": kind == queries.INSTALL,
        "found": found,
        "rows": [
            (each, words.duration(each.median), words.verdict(each)) for each in standings[:_SHOWN]
        ],
        "rest": max(len(standings) - _SHOWN, 0),
        "sentences": [(each, words.sentence(each)) for each in findings[:_SHOWN]],
        "more": max(len(findings) - _SHOWN, 0),
        "norms": found.judged.norms,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
        "log": found.log,
        "api": request.build_absolute_uri(f"{reverse('api-fraud-ctit')}?{urlencode(asked)}"),
        **_chart(found, request.GET.get("source", "")),
    }
    return render_page(request, "fraud/publishers.html", context)


def _days(request: HttpRequest) -> daterange.DateRange:
    """The range asked for; without one the last 30 days, of what there is."""
    today = clock.now().date()
    if daterange.asked(request.GET):
        return daterange.parse(request.GET, today)
    found = attribution.journeys(limit=1).items
    return daterange.newest(found[0].ended_at.date() if found else None, today)


def _line(standing: Standing) -> list[Any]:
    return [
        standing.source, standing.installs, standing.clicks, standing.median,
        standing.within_hour, standing.within_day, standing.excess, words.verdict(standing),
        " ".join(words.sentence(each) for each in standing.findings),
    ]  # fmt: skip


def _chart(found: queries.Ctit, source: str) -> dict[str, Any]:
    """The times of a source (without a choice: the first of the table) beside all others'."""
    standings, clicks = found.judged.standings, found.clicks
    names = [each.source for each in standings]
    chosen = source if source in names else next(iter(names), "")
    if not found.judged.installs:
        return {"chart": None, "chosen": chosen}
    mine = clicks.source == clicks.sources.index(chosen)
    rows = [
        *_bars(chosen, clicks.seconds[mine]),
        *_bars(_OTHERS, clicks.seconds[~mine]),
    ]
    title = f"From click to install: {chosen} and all others"
    return {
        "chart": grouped_bars(
            title=title, rows=rows, groups=(chosen, _OTHERS), unit="% of installs", of="Source"
        ),
        "chart_title": title,
        "chosen": chosen,
        "summary": f"How many of the {int(mine.sum()):,} installs of {chosen}, and of the"
        f" {int((~mine).sum()):,} of all other sources, came how long after their click.",
    }


def _bars(group: str, seconds: Any) -> list[Bar]:
    size = max(seconds.size, 1)
    return [
        Bar(
            label=label,
            group=group,
            value=100 * float(((seconds >= low) & (seconds < high)).sum()) / size,
        )
        for label, low, high in _BINS
    ]
