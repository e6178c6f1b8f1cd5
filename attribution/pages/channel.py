"""One channel: what it earned under every model, day by day, and where it stands in journeys."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries
from attribution.contracts import LEARNED, MODEL_LABELS, AttributionReport, By, CreditRow, Model
from attribution.flows import place, reads, steps, top
from attribution.pages import filters
from attribution.pages.comparison import EXPLANATIONS
from attribution.projection.certainty import REPLICATES
from charts import sankey, specs
from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

METRICS = {"conversions": "Conversions", "value": "Value", "cost": "Cost", "roas": "ROAS"}
_PATHS, _EXPORTED, _NEIGHBOURS, _PLACES_OF_COST = 10, 100_000, 5, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """All that is shown of a channel, read once; ``journeys`` are those of all channels."""

    key: int
    label: str
    reports: Mapping[Model, AttributionReport]
    credit: Mapping[Model, CreditRow]
    before: CreditRow | None
    days: tuple[reads.Day, ...]
    daily_model: Model
    around: place.Around
    places: tuple[place.Place, ...]
    paths: top.TopPaths
    journeys: float


@page(Permission.VIEW_REPORTS)
def channel(request: HttpRequest, channel: int) -> HttpResponse:
    """The channel with the id ``channel``; the 404 page where the tenant has none."""
    asked, label = filters.read(request, by=By.CHANNEL), reads.label_of(channel)
    csv = request.GET.get("format") == "csv"
    found = _found(asked, channel, label, paths=_EXPORTED if csv else _PATHS)
    if csv:
        return _csv(request.GET.get("table", ""), found)
    report = found.reports[asked.model]
    context = {
        **filters.context(asked),
        "found": found,
        "now": found.credit.get(asked.model),
        "before": found.before,
        "report": report,
        "currency": report.currency,
        "model_label": MODEL_LABELS[asked.model],
        "explanation": EXPLANATIONS[asked.model],
        "rows": [(model, MODEL_LABELS[model], row) for model, row in found.credit.items()],
        "pending": any(each.pending for each in found.reports.values()),
        "replicates": REPLICATES,
        "campaigns": _costs(found.key, By.CAMPAIGN, asked),
        "sources": _costs(found.key, By.SOURCE, asked),
        "journeys_url": _journeys(asked, label),
        **_daily(request, found, report.currency, clock.now().date()),
        **_models(found, asked.model),
        **_flow(found),
    }
    return render_page(request, "attribution/channel.html", context)


def _found(asked: filters.Filters, key: int, label: str, *, paths: int) -> Found:
    models = _offered(asked.model)
    compared = queries.compare(models=models, order=asked.order, **asked.scope).reports
    reports = dict(zip(models, compared, strict=True))
    credit = {model: row for model, each in reports.items() if (row := _row(each, key)) is not None}
    scope = queries.scope_of(by=By.CHANNEL, **asked.scope)
    kept = Model.SHAPLEY if asked.model is Model.MARKOV else asked.model
    days = reads.days(key, kept, scope)
    observed = queries.observed_paths(**asked.scope)
    return Found(
        key=key,
        label=label,
        reports=reports,
        credit=credit,
        before=_earlier(asked, key),
        days=_to_report(days, credit.get(kept)) if kept in LEARNED else days,
        daily_model=kept,
        around=reads.around(key, scope, most=_NEIGHBOURS),
        places=place.places(observed, label),
        paths=top.top(place.through(observed, label), limit=paths),
        journeys=observed.journeys,
    )


def _offered(chosen: Model) -> tuple[Model, ...]:
    """All models but those that wait for their first fit, which only show when asked for."""
    fitted = queries.fitted()
    return tuple(m for m in Model if m not in LEARNED or m in fitted or m is chosen)


def _row(report: AttributionReport, key: int) -> CreditRow | None:
    return next((row for row in report.rows if row.key == key), None)


def _earlier(asked: filters.Filters, key: int) -> CreditRow | None:
    """The channel in the equally long period before."""
    length = timedelta(days=asked.days.days)
    scope = {
        **asked.scope, "start": asked.days.start - length, "end": asked.days.end - length
    }  # fmt: skip
    report = queries.attribution(model=asked.model, order=asked.order, intervals=False, **scope)
    return _row(report, key)


def _to_report(days: Sequence[reads.Day], row: CreditRow | None) -> tuple[reads.Day, ...]:
    """A fit's days scaled to what the report of the range gives the channel."""
    earned, value = sum(day.conversions for day in days), sum(day.value for day in days)
    one = row.conversions / earned if row and earned else 0.0
    other = row.value / value if row and value else 0.0
    return tuple(
        replace(day, conversions=day.conversions * one, value=day.value * other) for day in days
    )


def _costs(key: int, by: By, asked: filters.Filters) -> dict[str, Any]:
    rows = reads.spent(key, by, queries.scope_of(by=By.CHANNEL, **asked.scope))
    return {
        "by": str(by),
        "rows": rows[:_PLACES_OF_COST],
        "rest": max(0, len(rows) - _PLACES_OF_COST),
        "most": max((row.cost for row in rows), default=0.0),
        "total": sum(row.cost for row in rows),
    }


def _journeys(asked: filters.Filters, label: str) -> str:
    days = {"start": asked.days.start.isoformat(), "end": asked.days.end.isoformat()}
    return f"{reverse('journeys')}?{urlencode({'channel': label, **days})}"


def _daily(request: HttpRequest, found: Found, currency: str, today: date) -> dict[str, Any]:
    """The line over days; ROAS has a point on the days with cost only."""
    costly = any(day.cost for day in found.days)
    offered = {name: text for name, text in METRICS.items() if costly or name not in _COSTS}
    name = request.GET.get("metric", "")
    metric = name if name in offered else "conversions"
    points = [
        specs.Point(day=day.day, value=float(value))
        for day in found.days
        if (value := getattr(day, metric)) is not None
    ]
    best = max(points, key=lambda point: point.value)
    unit = currency if metric in ("value", "cost") else ""
    return {
        "metric": metric,
        "metric_label": METRICS[metric],
        "metrics": offered.items(),
        "daily_label": MODEL_LABELS[found.daily_model],
        "daily": specs.lines(
            title=METRICS[metric], series={found.label: points}, unit=unit, unfinished=today
        ),
        "daily_summary": (
            f"{METRICS[metric]} of {found.label} per day, "
            f"highest on {best.day:%d %B} with {best.value:,.1f}."
        ),
        "running": points[-1].day >= today,
    }


_COSTS = ("cost", "roas")


def _models(found: Found, chosen: Model) -> dict[str, Any]:
    bars = [
        specs.Bar(
            label=MODEL_LABELS[model],
            value=round(row.conversions, 6),
            low=row.conversions_low,
            high=row.conversions_high,
        )
        for model, row in found.credit.items()
    ]
    least, most = (
        min(found.credit.items(), key=lambda each: each[1].conversions, default=None),
        max(found.credit.items(), key=lambda each: each[1].conversions, default=None),
    )
    said = (
        f"From {least[1].conversions:,.0f} ({MODEL_LABELS[least[0]]}) "
        f"to {most[1].conversions:,.0f} ({MODEL_LABELS[most[0]]})."
        if least and most
        else ""
    )
    return {"models_chart": specs.points(title="Conversions", rows=bars), "models_said": said}


def _flow(found: Found) -> dict[str, Any]:
    """What leads into the channel and out of it, as three columns."""
    if not found.around.steps:
        return {"flow": None}
    into = [
        sankey.Flow(column=0, source=each.label, target=found.label, value=each.steps)
        for each in found.around.before
    ]
    out = [
        sankey.Flow(column=1, source=found.label, target=each.label, value=each.steps)
        for each in found.around.after
    ]
    placed = sankey.layout([*into, *out])
    ends = (steps.CONVERTED, steps.LOST)
    first, last = found.around.before[0], found.around.after[0]
    converted = sum(each.share for each in found.around.after if each.label == steps.CONVERTED)
    return {
        "flow": sankey.spec(
            title="Before and after", placed=placed, ends=ends, unit="times", height=320
        ),
        "flow_summary": (
            f"Most often before {found.label}: {first.label}, {first.share:.0%}. "
            f"Most often after: {last.label}, {last.share:.0%}. "
            f"Straight to a conversion: {converted:.1%}."
        ),
    }


def _csv(name: str, found: Found) -> HttpResponse:
    """One of the page's tables; the days when ``name`` is none of them."""
    tables = {"days": _day_lines, "models": _model_lines, "paths": _path_lines}
    kind = name if name in tables else "days"
    header, lines = tables[kind](found)
    return csv_response(f"channel-{found.key}-{kind}.csv", header, lines)


Lines = tuple[list[str], list[list[object]]]


def _day_lines(found: Found) -> Lines:
    header = ["day", "conversions", "value", "cost", "roas"]
    return header, [[getattr(day, name) for name in header] for day in found.days]


def _model_lines(found: Found) -> Lines:
    header = [
        "conversions", "conversions_low", "conversions_high", "share", "value", "value_low",
        "value_high", "cost", "cpa", "roas",
    ]  # fmt: skip
    return ["model", *header], [
        [str(model), *(getattr(row, name) for name in header)]
        for model, row in found.credit.items()
    ]


def _path_lines(found: Found) -> Lines:
    header = ["path", "journeys", "conversions", "rate", "value"]
    return header, [
        [" > ".join(row.path), row.journeys, row.conversions, row.rate, row.value]
        for row in found.paths.rows
    ]
