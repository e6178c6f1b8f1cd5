"""The front page: the period's figures against the period before, and where they come from."""

from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse

from attribution import queries
from attribution.contracts import By, Overview
from attribution.pages import filters
from charts import specs
from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

METRICS = {
    "conversions": "Conversions",
    "new_customers": "New customers",
    "revenue": "Revenue",
    "cost": "Cost",
    "journeys": "Journeys",
    "touches": "Touches",
}
WAITING = "waiting"
_TOP = 6


@page(Permission.VIEW_REPORTS)
def overview(request: HttpRequest) -> HttpResponse:
    """Figures, a daily series and the channels that earned most; a new tenant sees a first step."""
    asked = filters.read(request)
    found = queries.overview(start=asked.days.start, end=asked.days.end)
    if request.GET.get("format") == "csv":
        lines = [[day.day, *(getattr(day, name) for name in METRICS)] for day in found.days]
        return csv_response("overview.csv", ["day", *METRICS], lines)
    started = _any(found) or bool(queries.journeys(limit=1).items)
    if request.headers.get("HX-Target") == WAITING:
        # The page of a new tenant asks until there is something to show, then loads the real one.
        return HttpResponse(status=204, headers={"HX-Refresh": "true"} if started else {})
    if not started:
        address = request.build_absolute_uri("/api/v1/events")
        return render_page(request, "attribution/first_event.html", {"events_url": address})
    rows = queries.performance(by=By.CHANNEL, start=found.start, end=found.end)
    context = {
        "overview": found,
        "top": rows[:_TOP],
        "rest": max(0, len(rows) - _TOP),
        "empty": not _any(found),
        **_chart(request, found, clock.now().date()),
        **filters.context(asked),
    }
    return render_page(request, "attribution/overview.html", context)


def _any(found: Overview) -> bool:
    now = found.current
    return bool(now.conversions or now.journeys or now.touches or now.cost)


def _chart(request: HttpRequest, found: Overview, today: date) -> dict[str, Any]:
    name = request.GET.get("metric", "")
    metric = name if name in METRICS else "conversions"
    label = METRICS[metric]
    points = [specs.Point(day=day.day, value=float(getattr(day, metric))) for day in found.days]
    best = max(points, key=lambda point: point.value)
    summary = (
        f"{label} per day from {found.start:%d %B %Y} to {found.end:%d %B %Y}, "
        f"highest on {best.day:%d %B} with {best.value:,.0f}."
    )
    unit = found.currency if metric in ("revenue", "cost") else ""
    return {
        "metric": metric,
        "metric_label": label,
        "metrics": METRICS.items(),
        "chart": specs.lines(title=label, series={label: points}, unit=unit, unfinished=today),
        "running": found.end >= today,
        "summary": summary,
    }
