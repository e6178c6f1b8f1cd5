"""Settings: what the tenant has used of its plan."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from charts import specs
from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants import usage
from tenants.contracts import Permission, Usage

_COLUMNS = ["day", "events", "requests", "throttled", "rejected"]


@require_GET
@page(Permission.VIEW_USAGE)
def index(request: HttpRequest) -> HttpResponse:
    """The month to date, how it will end, and what happens at the limit."""
    now = clock.now()
    found = usage.of(request.tenant, now=now)  # type: ignore[attr-defined]  # the middleware's
    if request.GET.get("format") == "csv":
        rows = [[getattr(day, name) for name in _COLUMNS] for day in found.days]
        return csv_response("usage.csv", _COLUMNS, rows)
    points = [specs.Point(day=each.day, value=each.events) for each in found.days]
    context = {
        "usage": found,
        "mood": _mood(found),
        "chart": specs.lines(title="Events", series={"all": points}, unfinished=now.date()),
        "summary": f"New events per day, {points[0].day} to {points[-1].day}.",
    }
    return render_page(request, "tenants/usage.html", context)


def _mood(found: Usage) -> str:
    """How urgent it is: "over", "full", "near", "forecast" or nothing."""
    if found.used >= found.plan.ceiling:
        return "over"
    if found.share >= 1:
        return "full"
    if found.share >= 0.8:
        return "near"
    late = found.forecast is not None and found.forecast >= found.plan.events
    return "forecast" if late else ""
