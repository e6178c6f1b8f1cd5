"""The register, one operator, and what is done about them."""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from charts.specs import Point, lines
from eventlog.seal import signing
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_returns
from regulator.contracts import OperatorChanged, OperatorRegistered
from regulator.figures.projection import DAY
from regulator.money import major
from regulator.operators import commands
from regulator.pages.findings import shown
from regulator.pages.forms import GAMES, TermsForm
from regulator.returns.checks import Beside
from regulator.returns.history import Filed
from tenants import acts, address
from tenants import commands as members
from tenants import queries as tenants
from tenants.contracts import IssuedKey, Permission
from tenants.pages import hosts

DAYS = 30
_SHOWN = 20
FIGURES = ("stakes", "payouts", "refunds", "ggr")
_HEADER = [
    "operator", "name", "licence", "currency", "last_heard", "records", "missing", "completeness",
    "stakes", "payouts", "refunds", "ggr",
]  # fmt: skip


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """All operators: when they were last heard, whether all came, what they took."""
    today = clock.now().date()
    found = queries.operators(start=today - timedelta(days=DAYS - 1), end=today)
    if request.GET.get("format") == "csv":
        return csv_response("operators.csv", _HEADER, [_line(each) for each in found])
    counts = Counter(each.operator for each in queries_returns.findings(now=clock.now()))
    context = {
        "rows": [
            {
                "item": each,
                "findings": counts[each.terms.operator],
                "ggr": major(each.figures.ggr, each.figures.currency),
            }
            for each in found
        ],
        "days": DAYS,
        "may": Permission.MANAGE_OPERATORS in allowed(request),
    }
    return render_page(request, "regulator/operators.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_OPERATORS)
def register(request: HttpRequest) -> HttpResponse:
    """Enter an operator into the register."""
    form = TermsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            entry = OperatorRegistered(**form.values(), actor=_member(request))
            commands.register(entry, now=clock.now())
        except InvalidInput as error:
            form.add_error(error.data.get("field"), error.detail)
        else:
            messages.success(request, f"{entry.name} is registered. It shows in a moment.")
            return redirect("operators")
    context = {"form": form, "title": "Register an operator"}
    return render_page(request, "regulator/terms.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_OPERATORS)
def change(request: HttpRequest, operator: str) -> HttpResponse:
    """Change an operator's entry; what held before stays in the log."""
    held = queries.operator(operator)
    if request.method == "POST":
        fixed = {"operator": held.operator, "currency": held.currency}
        form = TermsForm({**request.POST.dict(), "game_types": request.POST.getlist("game_types"),
                          **fixed})  # fmt: skip
        if form.is_valid():
            try:
                entry = OperatorChanged(**form.values(), actor=_member(request))
                commands.change(entry, now=clock.now())
            except InvalidInput as error:
                form.add_error(error.data.get("field"), error.detail)
            else:
                messages.success(request, "Kept. It shows in a moment.")
                return redirect("operator", held.operator)
    else:
        form = TermsForm(initial=TermsForm.initial_of(held))
    context = {"form": form, "title": f"Change {held.name}", "held": held}
    return render_page(request, "regulator/terms.html", context)


@require_GET
@page(Permission.VIEW_REPORTS)
def operator(request: HttpRequest, operator: str) -> HttpResponse:
    """One operator: what it took by day, whether all of it came, its receipts and keys."""
    return _shown(request, operator, None)


@never_cache
@require_POST
@page(Permission.MANAGE_KEYS)
def make_key(request: HttpRequest, operator: str) -> HttpResponse:
    """Make a key that writes this operator's feed; its text is in this one answer."""
    held = queries.operator(operator)
    issued = members.issue_feed_key(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        actor=request.user,  # type: ignore[arg-type]  # a member
        feed=held.operator,
        name=f"Feed of {held.name}"[:80],
        now=clock.now(),
        origin=address.short(request),
    )
    return _shown(request, operator, issued)


def _shown(request: HttpRequest, name: str, issued: IssuedKey | None) -> HttpResponse:
    entry, today = queries.operator(name), clock.now().date()
    days = queries.spans(
        name, span=DAY, start=today - timedelta(days=DAYS - 1), end=today
    )  # fmt: skip
    if request.GET.get("format") == "csv":
        return _days_csv(name, days)
    receipts = queries.receipts(name, limit=_SHOWN)
    context = {
        "entry": entry,
        "games": [GAMES[each] for each in GAMES if each in entry.game_types],
        "feed": queries.feed(name),
        "days": [_day(each) for each in reversed(days)],
        "receipts": receipts,
        "rows": [shown(each) for each in queries_returns.findings(operator=name, now=clock.now())],
        **_returns(request, name),
        "verifier": signing.ensured(now=clock.now())[-1].verifier.text,
        "keys": [each for each in tenants.keys(request.tenant) if each.feed == name],  # type: ignore[attr-defined]  # the middleware's
        "issued": issued,
        "events_url": hosts.bare(request, "/api/v1/gaming/events"),
        "now": clock.now(),
        "may": allowed(request),
        **_chart(days, today),
    }
    return render_page(request, "regulator/operator.html", context)


def _returns(request: HttpRequest, name: str) -> dict[str, Any]:
    """Returns beside the feed, as they hold now or as they had been filed by a day."""
    text = request.GET.get("as_of", "")
    try:
        as_of = date.fromisoformat(text) if text else None
    except ValueError:
        raise InvalidInput("A day is like 2026-03-31.", field="as_of") from None
    found = queries_returns.returns(name, as_of=as_of)
    return {
        "as_of": text,
        "versions": found.versions,
        "held": [_beside(each) for each in found.held[:_SHOWN]],
        "restated": [
            {"before": _filed(before), "after": _filed(after)}
            for before, after in found.restated[:_SHOWN]
        ],
    }


def _beside(each: Beside) -> dict[str, Any]:
    unit = each.filed.currency
    off = {name: major(value, unit) for name, value in each.differences.items()}
    return {**_filed(each.filed), "fed": each.fed is not None, "off": off,
            "same": not any(off.values())}  # fmt: skip


def _filed(each: Filed) -> dict[str, Any]:
    amounts = {name: major(getattr(each, name), each.currency) for name in FIGURES}
    tax = None if each.tax is None else major(each.tax, each.currency)
    return {"filed": each, **amounts, "tax": tax}


def _chart(days: list[queries.SpanFigures], today: date) -> dict[str, Any]:
    if not days:
        return {}
    points = [
        Point(day=each.start.date(), value=major(each.figures.ggr, each.figures.currency))
        for each in days
    ]
    best = max(points, key=lambda each: each.value)
    currency = days[0].figures.currency
    return {
        "chart": lines(title="GGR by day", series={"GGR": points}, unit=currency, unfinished=today),
        "summary": f"The highest day was {best.day:%-d %B}, with {best.value:,.2f} {currency}.",
    }


def _day(each: queries.SpanFigures) -> dict[str, Any]:
    figures, unit = each.figures, each.figures.currency
    return {
        "day": each.start, "currency": unit, "stakes": major(figures.stakes, unit),
        "payouts": major(figures.payouts, unit), "refunds": major(figures.refunds, unit),
        "ggr": major(figures.ggr, unit), "margin": figures.margin, "events": figures.events,
        "players": figures.players,
    }  # fmt: skip


def _days_csv(name: str, days: list[queries.SpanFigures]) -> HttpResponse:
    header = ["day", "currency", "stakes", "payouts", "refunds", "ggr", "margin", "events",
              "players"]  # fmt: skip
    rows = [list({**_day(each), "day": each.start.date()}.values()) for each in days]
    return csv_response(f"{name}-days.csv", header, rows)


def _line(each: queries.OperatorItem) -> list[Any]:
    feed, figures, unit = each.feed, each.figures, each.figures.currency
    return [
        each.terms.operator, each.terms.name, each.terms.licence, unit, feed.heard_at, feed.records,
        feed.missing, feed.completeness, major(figures.stakes, unit), major(figures.payouts, unit),
        major(figures.refunds, unit), major(figures.ggr, unit),
    ]  # fmt: skip


def _member(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
