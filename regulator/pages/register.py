"""The register: all operators, entering one, changing an entry."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_returns
from regulator.contracts import OperatorChanged, OperatorRegistered
from regulator.money import major
from regulator.operators import commands
from regulator.pages.forms import TermsForm
from tenants import acts
from tenants.contracts import Permission

DAYS = 30
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


def _line(each: queries.OperatorItem) -> list[Any]:
    feed, figures, unit = each.feed, each.figures, each.figures.currency
    return [
        each.terms.operator, each.terms.name, each.terms.licence, unit, feed.heard_at, feed.records,
        feed.missing, feed.completeness, major(figures.stakes, unit), major(figures.payouts, unit),
        major(figures.refunds, unit), major(figures.ggr, unit),
    ]  # fmt: skip


def _member(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
