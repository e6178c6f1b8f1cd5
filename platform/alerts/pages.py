"""The alert centre: what stands and stood, one alert with its deliveries, routes and rules."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from alerts import commands, counting, queries, raising
from alerts.contracts import AlertItem, Severity, State
from alerts.directory import directory
from alerts.forms import CHECKS, WAYS, RouteForm, RuleForm
from alerts.rules import Check, last
from charts.specs import Bar, bars
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response

VIEW, MANAGE = "view_reports", "manage_alerts"
STATES = (("standing", "Standing"), ("resolved", "Resolved"), ("", "All"))
SNOOZES = ((1, "1 hour"), (24, "1 day"), (168, "1 week"))
_HEADER = [
    "id", "kind", "severity", "state", "title", "text", "since", "raised_at", "resolved_at", "seen",
]  # fmt: skip
_EXPORTED = 10_000


@require_GET
@page(VIEW)
def index(request: HttpRequest) -> HttpResponse:
    """Alerts, newest first."""
    state, severity = request.GET.get("state", "standing"), request.GET.get("severity", "")
    if request.GET.get("format") == "csv":
        found = queries.alerts(state=state, severity=severity, limit=_EXPORTED)
        return csv_response("alerts.csv", _HEADER, [_line(each) for each in found.items])
    cursor = request.GET.get("cursor")
    context = {
        "page": queries.alerts(state=state, severity=severity, cursor=cursor),
        "more": bool(cursor),
        "states": STATES,
        "state": state,
        "severities": [str(each) for each in reversed(Severity)],
        "severity": severity,
        "may": MANAGE in allowed(request),
    }
    return render_page(request, "alerts/alerts.html", context)


@require_http_methods(["GET", "POST"])
@page(VIEW, post=MANAGE)
def alert(request: HttpRequest, alert_id: int) -> HttpResponse:
    """One alert, who was told, and what was done about it."""
    if request.method == "POST":
        _act(request, alert_id)
        return redirect("alert", alert_id)
    found = queries.alert(alert_id)
    rows = [Bar(label=point.label, value=point.value) for point in found.series]
    context = {
        "alert": found,
        "deliveries": queries.deliveries(alert_id),
        "chart": bars(title=found.title, rows=rows, unit=found.unit) if rows else None,
        "chart_title": f"{found.title}, by day",
        "summary": ", ".join(f"{point.label}: {point.value:,.0f}" for point in found.series),
        "may": MANAGE in allowed(request),
        "snoozes": SNOOZES,
        "open": found.state is not State.RESOLVED,
    }
    return render_page(request, "alerts/alert.html", context)


@never_cache
@require_GET
@page(MANAGE)
def settings(request: HttpRequest) -> HttpResponse:
    """Who is told of what, and rules."""
    return _settings(request, RouteForm(), RuleForm())


@never_cache
@require_POST
@page(MANAGE)
def add_route(request: HttpRequest) -> HttpResponse:
    """Make a route; a webhook's secret is in this one answer and nowhere else."""
    form = RouteForm(request.POST)
    if not form.is_valid():
        return _settings(request, form, RuleForm(), status=400)
    try:
        secret = commands.add_route(form.chosen(), actor=_actor(request), now=clock.now())
    except InvalidInput as error:
        form.add_error("address", error.detail)
        return _settings(request, form, RuleForm(), status=400)
    if secret:
        return _settings(request, RouteForm(), RuleForm(), secret=secret)
    messages.success(request, "Made. Send a test to see that it arrives.")
    return redirect("alert-settings")


@require_POST
@page(MANAGE)
def delete_route(request: HttpRequest, route_id: int) -> HttpResponse:
    """Tell nobody by it any more."""
    commands.delete_route(route_id, actor=_actor(request), now=clock.now())
    return redirect("alert-settings")


@require_POST
@page(MANAGE)
def test_route(request: HttpRequest, route_id: int) -> HttpResponse:
    """Send a word of trial."""
    commands.test_route(route_id, now=clock.now())
    messages.success(request, "A test is on its way. The delivery log below says how it fares.")
    return redirect("alert-settings")


@require_POST
@page(MANAGE)
def add_rule(request: HttpRequest) -> HttpResponse:
    """Make a rule."""
    form = RuleForm(request.POST)
    if not form.is_valid():
        return _settings(request, RouteForm(), form, status=400)
    commands.add_rule(form.chosen(), actor=_actor(request), now=clock.now())
    messages.success(request, "Made. It is looked at every few seconds from now on.")
    return redirect("alert-settings")


@require_POST
@page(MANAGE)
def delete_rule(request: HttpRequest, rule_id: int) -> HttpResponse:
    """Ask it no more."""
    commands.delete_rule(rule_id, actor=_actor(request), now=clock.now())
    return redirect("alert-settings")


def _act(request: HttpRequest, number: int) -> None:
    act, now, actor = request.POST.get("act", ""), clock.now(), _actor(request)
    if act == "acknowledge":
        raising.acknowledge(number, actor=actor, now=now)
    elif act == "resolve":
        raising.resolve(number, actor=actor, now=now)
    elif act == "snooze":
        hours = request.POST.get("hours", "")
        if hours not in {str(each) for each, _ in SNOOZES}:
            raise InvalidInput("Choose for how long.", field="hours")
        raising.snooze(number, until=now + timedelta(hours=int(hours)), actor=actor, now=now)
    else:
        raise InvalidInput("An alert is acknowledged, snoozed or resolved.", field="act")


def _settings(
    request: HttpRequest, route: RouteForm, rule: RuleForm, *, secret: str = "", status: int = 200
) -> HttpResponse:
    rules = [
        (each, last(each.minutes), CHECKS[Check(each.check_kind)], each.check_kind == Check.ABSENCE)
        for each in queries.rules()
    ]
    context: dict[str, Any] = {
        "routes": [(each, WAYS[each.way]) for each in queries.routes()],
        "rules": rules,
        "deliveries": queries.deliveries(limit=25),
        "route": route,
        "rule": rule,
        "types": counting.types(),
        "secret": secret,
    }
    return render_page(request, "alerts/settings.html", context, status=status)


def _actor(request: HttpRequest) -> str:
    return directory().actor(request)


def _line(each: AlertItem) -> list[Any]:
    return [
        each.id, each.kind, each.severity, each.state, each.title, each.text, each.since,
        each.raised_at, each.resolved_at, each.seen,
    ]  # fmt: skip
