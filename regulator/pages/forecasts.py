"""Forecasts: GGR and tax of the coming year, by which method, and how earlier ones held."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from charts.ahead import Expected, months
from charts.specs import Point
from kernel import clock
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_forecasts
from regulator.forecasts import countries, progress, tasks
from regulator.forecasts.accuracy import Held
from regulator.forecasts.ahead import LEAST
from regulator.forecasts.candidates import MEMBERS, NAMES
from regulator.money import major
from regulator.queries_forecasts import Item, Past, Run
from tenants import acts
from tenants.contracts import Permission

_HEADER = [
    "operator", "name", "currency", "made_at", "origin", "method", "month", "ggr", "ggr_low",
    "ggr_high", "tax",
]  # fmt: skip
_CHARTED = 48
SOURCES = {
    "returns": "what operators filed",
    "feed": "what the feeds hold",
    "both": "returns and feeds, whichever is longer for each operator",
}


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """The newest forecast of the market or of one operator."""
    name, currency = request.GET.get("operator", ""), request.GET.get("currency", "")
    if name:
        queries.operator(name)
    if _finished(request):
        return HttpResponse(headers={"HX-Refresh": "true"})
    run = queries_forecasts.newest(currency=currency)
    if run is None or not (item := _chosen(run, name)):
        return render_page(request, "regulator/forecasts.html", _empty(request, run, name))
    if request.GET.get("format") == "csv":
        rows = [line for each in (run.market, *run.operators) for line in _lines(each)]
        return csv_response("forecasts.csv", _HEADER, rows)
    past = queries_forecasts.past(item, today=clock.now().date())
    context = {
        **_context(request, run, name),
        **_told(item, past),
        **_holidays(item.said.currency, item.said.country),
        "earlier": [_held(each, item) for each in queries_forecasts.earlier(item, past)],
        "operators": [_line(run, each) for each in run.operators],
        "currencies": queries_forecasts.currencies(),
    }
    return render_page(request, "regulator/forecasts.html", context)


@require_POST
@page(Permission.MANAGE_OPERATORS)
def make(request: HttpRequest) -> HttpResponse:
    """Ask for forecasts now; one run at a time."""
    actor = acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
    currency, country = request.POST.get("currency", ""), request.POST.get("country")
    asked = {currency: countries.chosen(country)} if currency and country is not None else {}
    if not tasks.wake(request.tenant.schema_name, actor, asked):  # type: ignore[attr-defined]  # set by the middleware
        messages.info(request, "Forecasts are being made already, or no worker could be told.")
    return redirect("forecasts")


def _finished(request: HttpRequest) -> bool:
    """Whether a page that waits asks how far it is, and all is done: it is loaded again."""
    held = progress.current()
    waits = request.headers.get("HX-Target") == "progress"
    return waits and bool(held and held["ended"])


def _context(request: HttpRequest, run: Run | None, name: str) -> dict[str, Any]:
    return {
        "run": run,
        "asked": name,
        "may": Permission.MANAGE_OPERATORS in allowed(request),
        "progress": _progress(),
        "least": LEAST,
    }


def _empty(request: HttpRequest, run: Run | None, name: str) -> dict[str, Any]:
    known = queries_forecasts.months_known(today=clock.now().date())
    currency = queries_forecasts.main_currency()
    return {
        **_context(request, run, name),
        **_holidays(currency, queries_forecasts.holidays_of(currency)),
        "known": known,
        "missing": max(LEAST - known, 0),
    }


def _holidays(currency: str, country: str) -> dict[str, Any]:
    """Whose public holidays a market knows, and whose it could."""
    return {
        "currency": currency,
        "country": country,
        "country_name": countries.COUNTRIES.get(country, ""),
        "countries": sorted(countries.COUNTRIES.items(), key=lambda each: each[1]),
    }


def _progress() -> dict[str, Any] | None:
    held = progress.current()
    return held and {**held, "share": held["done"] / held["of"] if held["of"] else 0.0}


def _chosen(run: Run, name: str) -> Item | None:
    everyone = (run.market, *run.operators)
    return next((each for each in everyone if each.said.operator == name), None)


def _told(item: Item, past: Past) -> dict[str, Any]:
    said, unit = item.said, item.said.currency
    best, others = _errors(item)
    rows = [_month(each, unit) for each in said.months]
    return {
        "item": item,
        "method": NAMES.get(said.method, said.method),
        "best": best,
        "others": others,
        "source": SOURCES.get(past.source or said.source, said.source),
        "total": _span(said.total, unit),
        "tax": _span(said.tax, unit) if said.tax else None,
        "level": round(100 * said.level),
        "months": rows,
        "highest": max(rows, key=lambda each: float(each["point"])),
        "until": said.months[-1].month,
        **_chart(item, past),
    }


def _errors(item: Item) -> tuple[float | None, list[dict[str, Any]]]:
    """The chosen method's error, and all methods' with the least first."""
    said = item.said
    shown = {key: error for key, error in said.errors.items() if key in MEMBERS}
    shown |= {said.method: said.errors[said.method]} if said.method in said.errors else {}
    ranked = sorted(shown.items(), key=lambda pair: (pair[1], pair[0]))
    worst = max(shown.values(), default=0.0)
    return said.errors.get(said.method), [
        {
            "name": NAMES[key],
            "error": error,
            "chosen": key == said.method,
            "share": error / worst if worst else 0.0,
        }
        for key, error in ranked
    ]


def _chart(item: Item, past: Past) -> dict[str, Any]:
    said, unit = item.said, item.said.currency
    known = [
        Point(day=day, value=round(major(round(value), unit), 2)) for day, value in past.months
    ]
    ahead = [
        Expected(
            day=each.month, value=major(each.point, unit), low=major(each.low, unit),
            high=major(each.high, unit),
        )
        for each in said.months
    ]  # fmt: skip
    highest = max(ahead, key=lambda each: each.value)
    return {
        "chart": months(
            title="GGR by month", past=known[-_CHARTED:], ahead=ahead, unit=unit,
            level=round(100 * said.level),
        ),
        "summary": f"The highest month is expected to be {highest.day:%B %Y}, with "
        f"{highest.value:,.0f} {unit} ({highest.low:,.0f} to {highest.high:,.0f}).",
    }  # fmt: skip


def _span(span: Any, unit: str) -> dict[str, float]:
    return {name: major(getattr(span, name), unit) for name in ("point", "low", "high")}


def _month(each: Any, unit: str) -> dict[str, Any]:
    tax = None if each.tax is None else major(each.tax, unit)
    return {"month": each.month, "tax": tax, **_span(each, unit)}


def _line(run: Run, each: Item) -> dict[str, Any]:
    unit = each.said.currency
    return {
        "item": each,
        "total": _span(each.said.total, unit),
        "tax": _span(each.said.tax, unit) if each.said.tax else None,
        "share": run.share(each),
        "method": NAMES.get(each.said.method, each.said.method),
        "error": each.said.errors.get(each.said.method),
    }


def _held(each: Held, item: Item) -> dict[str, Any]:
    unit = item.said.currency
    return {
        "held": each,
        "said": major(each.said, unit),
        "came": major(each.came, unit),
        "off": each.said / each.came - 1 if each.came > 0 else None,
        "inside": each.inside / each.months,
        "method": NAMES.get(each.method, each.method),
    }


def _lines(item: Item) -> list[list[Any]]:
    said, unit = item.said, item.said.currency
    return [
        [
            said.operator or "market", item.name or "all operators", unit, item.made_at,
            said.origin, said.method, each.month, major(each.point, unit), major(each.low, unit),
            major(each.high, unit), None if each.tax is None else major(each.tax, unit),
        ]
        for each in said.months
    ]  # fmt: skip
