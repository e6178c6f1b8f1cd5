"""The channel and campaign tables: what each cost and what it earned under the chosen model."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from attribution import queries
from attribution.contracts import MODEL_LABELS, By, PerformanceRow
from attribution.money.figures import Metric
from attribution.pages import compared, filters
from attribution.pages.comparison import EXPLANATIONS
from attribution.projection import report
from attribution.projection.certainty import REPLICATES
from charts import specs
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
    "new_customers": "New customers",
    "cac": "CAC",
    "touches": "Touches",
    "clicks": "Clicks",
    "impressions": "Impressions",
}

_SHOWN = (
    "conversions", "value", "cost", "roas", "roi", "cpa", "new_customers", "cac", "touches",
)  # fmt: skip
"""Columns of the page; the others stand in small print below one of them."""

EXPORTED = (
    "label", "conversions", "conversions_low", "conversions_high", "value", "value_low",
    "value_high", "share", "cost", "roas", "roas_low", "roas_high", "roi", "roi_low", "roi_high",
    "cpa", "cpa_low", "cpa_high", "new_customers", "new_customers_low", "new_customers_high",
    "cac", "cac_low", "cac_high", "standing", "touches", "clicks", "impressions",
)  # fmt: skip


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
    found = queries.performance(by=by, model=asked.model, new_customers=True, **asked.scope)
    sort = parse_sort(request.GET.get("sort", ""), columns=tuple(COLUMNS), default="-value")
    needle = request.GET.get("q", "").strip()
    rows = ordered((row for row in found if needle.lower() in row.label.lower()), sort)
    metric = filters.choice(Metric, request.GET, "metric", Metric.CONVERSIONS)
    differences = compared.held_to(request, asked, asked.model, metric)
    if request.GET.get("format") == "csv":
        if request.GET.get("table") == "differences":
            return compared.differences_csv(differences)
        return _csv(title, rows)
    overview = queries.overview(start=asked.days.start, end=asked.days.end)
    context = {
        **filters.context(asked),
        "title": title,
        "by": by,
        "rows": rows,
        "found": len(found),
        "needle": needle,
        "columns": [(name, COLUMNS[name], f"-{name}") for name in _SHOWN],
        "sort": sort,
        "currency": overview.currency,
        "log": overview.freshness.log,
        **_sums(rows),
        "model_label": MODEL_LABELS[asked.model],
        "explanation": EXPLANATIONS[asked.model],
        "replicates": REPLICATES,
        **_chart(rows, metric, overview.currency),
        **compared.context(
            differences, [row.label for row in found], _unit(metric, overview.currency)
        ),
    }
    return render_page(request, "attribution/performance.html", context)


def _csv(title: str, rows: Sequence[PerformanceRow]) -> HttpResponse:
    lines = [[getattr(row, name) for name in EXPORTED] for row in rows]
    return csv_response(f"{title.lower()}.csv", list(EXPORTED), lines)


def _sums(rows: Sequence[PerformanceRow]) -> dict[str, Any]:
    """The columns that add up, and the ratios of what they add up to."""
    names = (
        "conversions",
        "value",
        "share",
        "cost",
        "new_customers",
        "touches",
        "clicks",
        "impressions",
    )
    sums = {name: sum(getattr(row, name) for row in rows) for name in names}
    roas = report.ratio(sums["value"], sums["cost"])
    totals = {
        "roas": roas,
        "roi": report.beyond_cost(roas),
        "cpa": report.cost_per(sums["cost"], sums["conversions"]),
        "cac": report.cost_per(sums["cost"], sums["new_customers"]),
    }
    return {"sums": sums, "totals": totals}


def _chart(rows: Sequence[PerformanceRow], metric: Metric, currency: str) -> dict[str, Any]:
    """The rows as points on their intervals."""
    bars = compared.bars(rows, metric)
    label = compared.METRICS[metric]
    best = f" Highest: {bars[0].label} with {bars[0].value:,.2f}." if bars else ""
    return {
        "metric": str(metric),
        "metric_label": label,
        "metrics": [(str(name), text) for name, text in compared.METRICS.items()],
        "chart": specs.points(title=label, rows=bars, unit=_unit(metric, currency))
        if bars
        else None,
        "summary": f"{label} of {len(bars)} rows with 95 % intervals.{best}",
    }


def _unit(metric: Metric, currency: str) -> str:
    return currency if metric in (Metric.VALUE, Metric.CPA) else ""
