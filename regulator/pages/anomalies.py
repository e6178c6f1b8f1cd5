"""Anomalies: what the watch has found, one with everything it was found by, and what is said."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from alerts import queries as alerts
from charts.specs import Bar, grouped_bars
from charts.stretches import Moment, Stretch, marked
from kernel import clock
from kernel.errors import InvalidInput
from portal import daterange
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, queries_anomalies
from regulator.cases import about as cases
from regulator.contracts import Severity
from regulator.contracts_anomalies import AnomalyState
from regulator.contracts_cases import About, AboutKind
from regulator.detectors.anomaly import Kind
from regulator.money import said
from regulator.pages.findings import TAGS
from regulator.queries_anomalies import AnomalyItem
from regulator.watch import commands, telling
from regulator.watch.picture import Picture, leading_digits, picture
from regulator.watch.words import about
from tenants import acts
from tenants.contracts import Permission

HEADER = [
    "anomaly", "severity", "kind", "operator", "started_at", "ended_at", "over", "score", "state",
    "explanation", "reason", "found_at",
]  # fmt: skip
_EXPORTED = 10_000
_RANGES = (("", "All"), *daterange.RANGES)
STATES = (("open", "Open"), ("dismissed", "Dismissed"), ("", "All"))
_PLACES = frozenset({"figure", "peak", "first_alarm", "row"})
"""Evidence that says where in the detector's own arrays something was."""
_MONEY = frozenset({"paid", "paid_cut", "money", "threshold", "stated", "carried"})
_SHARES = frozenset({"missing", "share", "usual", "uneven", "expected_hold", "shortfall", "rate",
                     "before", "after", "power_for_a_tenth"})  # fmt: skip


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Anomalies, the newest beginning first; the open ones unless others are asked for."""
    words = {name: request.GET.get(name, "") for name in ("operator", "kind", "severity")}
    words["state"] = request.GET.get("state", str(AnomalyState.OPEN))
    days = _days(request)
    asked: dict[str, Any] = {**words, "start": days and days.start, "end": days and days.end}
    if request.GET.get("format") == "csv":
        found = queries_anomalies.anomalies(**asked, limit=_EXPORTED)
        return csv_response("anomalies.csv", HEADER, [_line(each) for each in found.items])
    cursor, counts = request.GET.get("cursor"), queries_anomalies.counts()
    found = queries_anomalies.anomalies(**asked, cursor=cursor)
    context = {
        "page": found,
        "rows": [{"item": each, "tag": TAGS[each.severity]} for each in found.items],
        "more": bool(cursor),
        "asked": words,
        "states": STATES,
        "severities": [("", "All"), *((str(each), each.title()) for each in Severity)],
        "kinds": [(kind, about(kind).name, count) for kind, count in counts.items()],
        "operators": queries.names(),
        "range": days or {"preset": "", "start": None, "end": None},
        "ranges": _RANGES,
        "any": bool(counts),
        "watched_at": queries_anomalies.watched_at(),
    }
    return render_page(request, "regulator/anomalies.html", context)


def _days(request: HttpRequest) -> daterange.DateRange | None:
    if request.GET.get("range", "x") and daterange.asked(request.GET):
        return daterange.parse(request.GET, clock.now().date())
    return None


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_REPORTS, post=Permission.MANAGE_OPERATORS)
def anomaly(request: HttpRequest, anomaly: UUID) -> HttpResponse:
    """One anomaly: seen against expected, figures, who was told; a POST dismisses or reopens."""
    problem = ""
    if request.method == "POST":
        try:
            _say(request, anomaly)
        except InvalidInput as error:
            problem = error.detail
        else:
            return redirect("anomaly", anomaly)
    found = queries_anomalies.anomaly(anomaly)
    context = {
        "item": found,
        "about": about(found.kind),
        "tag": TAGS[found.severity],
        "evidence": _evidence(found),
        "told": _told(found),
        "may": Permission.MANAGE_OPERATORS in allowed(request),
        "case_about": _case(found) if Permission.MANAGE_CASES in allowed(request) else "",
        "problem": problem,
        "longest": commands.LONGEST,
        **_chart(found),
    }
    return render_page(
        request, "regulator/anomaly.html", context, status=400 if problem else 200
    )  # fmt: skip


def _case(found: AnomalyItem) -> str:
    """What a case about it would be about; nothing where it is the market's."""
    if not found.operator:
        return ""
    one = About(
        kind=AboutKind.ANOMALY, id=found.id, title=found.kind_name, operator=found.operator,
        text=found.explanation, started_at=found.started_at, ended_at=found.ended_at,
    )  # fmt: skip
    return cases.write((one,))


def _say(request: HttpRequest, anomaly: UUID) -> None:
    act: dict[str, Any] = {
        "reason": request.POST.get("reason", ""), "now": clock.now(),
        "actor": acts.pseudonym(request.tenant, request.user),  # type: ignore[attr-defined,arg-type]  # a member
    }  # fmt: skip
    if request.POST.get("act") == "reopen":
        commands.reopen(anomaly, **act)
        messages.success(request, "Reopened. It shows in a moment.")
    else:
        commands.dismiss(anomaly, **act)
        messages.success(request, "Dismissed. It shows in a moment.")


def _chart(found: AnomalyItem) -> dict[str, Any]:
    if found.kind == Kind.DIGITS:
        return _digits(found)
    drawn = picture(found, now=clock.now())
    if drawn is None or not drawn.at:
        return {}
    series = {"Seen": _moments(drawn, drawn.seen)}
    if drawn.expected is not None:
        series["Expected"] = _moments(drawn, drawn.expected)
    stretch = Stretch(start=found.started_at, end=found.ended_at, label=found.kind_name)
    spec = marked(title=drawn.title, series=series, stretches=[stretch], unit=drawn.unit)
    return {
        "chart": spec, "chart_title": drawn.title, "says": drawn.says,
        "summary": f"{found.kind_name} from {found.started_at:%-d %B, %H:%M} to"
        f" {found.ended_at:%-d %B, %H:%M} UTC. {found.explanation}",
    }  # fmt: skip


def _digits(found: AnomalyItem) -> dict[str, Any]:
    """How often stakes of the week and of the weeks before begin with each digit."""
    week, before = leading_digits(found)
    groups = {"This week": week, "Weeks before": before}
    rows = [
        Bar(label=str(digit), value=round(100 * share, 2), group=name)
        for digit in range(1, 10)
        for name, shares in groups.items()
        if (share := shares.get(digit)) is not None
    ]
    if not rows:
        return {}
    most = max(week, key=lambda digit: week[digit] - before.get(digit, 0.0))
    return {
        "chart": grouped_bars(title="First digits of stakes", rows=rows, groups=list(groups),
                              unit="% of stakes", of="When"),
        "chart_title": "First digits of stakes",
        "says": "The week that is judged beside the twelve before it.",
        "summary": f"{week[most]:.0%} of the week's stakes begin with {most}, where"
        f" {before.get(most, 0.0):.0%} did before.",
    }  # fmt: skip


def _moments(drawn: Picture, values: tuple[float | None, ...]) -> list[Moment]:
    return [Moment(at=at, value=value) for at, value in zip(drawn.at, values, strict=True)]


def _told(found: AnomalyItem) -> dict[str, Any]:
    """The alert about it, and how it went out."""
    for kind in (telling.SILENT, telling.KIND):
        if alert := alerts.latest(kind, [found.id]).get(found.id):
            return {"alert": alert, "deliveries": alerts.deliveries(alert.id)}
    return {}


def _evidence(found: AnomalyItem) -> list[tuple[str, str]]:
    """The figures it was found by, named and formatted for people."""
    unit = queries.currency(found.operator)
    return [
        (
            "Chance" if name == "p" else name.replace("_", " ").capitalize(),
            _value(found, name, value, unit),
        )
        for name, value in found.evidence.items()
        if value is not None and name not in _PLACES
    ]


def _value(found: AnomalyItem, name: str, value: object, unit: str) -> str:
    amounts = found.evidence.get("figure") == "stakes" and name in ("seen", "expected")
    amounts |= found.kind in ("payout_spike", "tax") and name == "expected"
    if isinstance(value, bool | str):
        return str(value)
    number = float(value)  # type: ignore[arg-type]  # evidence is plain
    if unit and (amounts or name in _MONEY):
        return said(round(number), unit)
    if name in _SHARES and abs(number) <= 1:
        return f"{number:.2%}"
    return f"{number:,.0f}" if number.is_integer() else f"{number:,.4g}"


def _line(each: AnomalyItem) -> list[Any]:
    return [
        each.id, str(each.severity), each.kind, each.operator, each.started_at, each.ended_at,
        each.over_at is not None, each.score, str(each.state), each.explanation, each.reason,
        each.found_at,
    ]  # fmt: skip
