"""The channel and campaign tables: what each cost and what it earned under the chosen model."""

from django.http import HttpRequest, HttpResponse

from attribution import queries
from attribution.contracts import MODEL_LABELS, By
from attribution.pages import filters
from attribution.pages.comparison import EXPLANATIONS
from portal.pages import page, render_page
from portal.tables import csv_response, ordered, parse_sort
from tenants.contracts import Permission

COLUMNS = {
    "label": "Name",
    "conversions": "Conversions",
    "value": "Value",
    "share": "Share",
    "cost": "Cost",
    "roas": "ROAS",
    "roi": "ROI",
    "cpa": "CPA",
    "touches": "Touches",
    "clicks": "Clicks",
    "impressions": "Impressions",
}


@page(Permission.VIEW_REPORTS)
def channels(request: HttpRequest) -> HttpResponse:
    """All channels of the range."""
    return _table(request, By.CHANNEL, "Channels")


@page(Permission.VIEW_REPORTS)
def campaigns(request: HttpRequest) -> HttpResponse:
    """All campaigns of the range."""
    return _table(request, By.CAMPAIGN, "Campaigns")


def _table(request: HttpRequest, by: By, title: str) -> HttpResponse:
    asked = filters.read(request, by=by)
    found = queries.performance(by=by, model=asked.model, **asked.scope)
    sort = parse_sort(request.GET.get("sort", ""), columns=tuple(COLUMNS), default="-value")
    needle = request.GET.get("q", "").strip()
    rows = ordered((row for row in found if needle.lower() in row.label.lower()), sort)
    if request.GET.get("format") == "csv":
        lines = [[getattr(row, name) for name in COLUMNS] for row in rows]
        return csv_response(f"{title.lower()}.csv", list(COLUMNS), lines)
    overview = queries.overview(start=asked.days.start, end=asked.days.end)
    context = {
        **filters.context(asked),
        "title": title,
        "by": by,
        "rows": rows,
        "found": len(found),
        "needle": needle,
        "columns": [(name, text, f"-{name}") for name, text in COLUMNS.items() if name != "label"],
        "sort": sort,
        "currency": overview.currency,
        "log": overview.freshness.log,
        "sums": {
            name: sum(getattr(row, name) for row in rows)
            for name in ("conversions", "value", "share", "cost", "touches", "clicks")
        },
        "model_label": MODEL_LABELS[asked.model],
        "explanation": EXPLANATIONS[asked.model],
    }
    return render_page(request, "attribution/performance.html", context)
