"""Findings: everything exact checks have found, the worst first."""

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from kernel import clock
from portal.pages import page, render_page
from portal.tables import csv_response
from regulator import queries_returns
from regulator.cases import about as things
from regulator.contracts import FindingKind, Severity
from regulator.contracts_cases import About, AboutKind
from regulator.money import said
from regulator.returns.finding import Finding
from tenants.contracts import Permission

HEADER = [
    "severity", "kind", "code", "operator", "from", "to", "finding", "detail", "difference",
    "currency",
]  # fmt: skip
KINDS = {
    FindingKind.FORMAT: "Format: records or forms are not whole",
    FindingKind.CONTENT: "Content: they contradict themselves",
    FindingKind.EXTERNAL: "External: they contradict each other",
    FindingKind.STUDY: "Study: worth a look",
}
TAGS = {Severity.CRITICAL: "tag-bad", Severity.WARNING: "tag-warn", Severity.NOTE: ""}
_SHOWN = 500


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """All findings, filtered by kind, severity and operator."""
    everything = queries_returns.findings(now=clock.now())
    asked = {name: request.GET.get(name, "") for name in ("kind", "severity", "operator")}
    found = [
        each
        for each in everything
        if all(not value or getattr(each, name) == value for name, value in asked.items())
    ]
    if request.GET.get("format") == "csv":
        return csv_response("findings.csv", HEADER, [_line(each) for each in found])
    context = {
        "rows": [shown(each) for each in found[:_SHOWN]],
        "count": len(found),
        "more": max(len(found) - _SHOWN, 0),
        "any": bool(everything),
        "asked": asked,
        "severities": [("", "All"), *((str(each), each.title()) for each in Severity)],
        "kinds": [(str(each), text) for each, text in KINDS.items()],
        "operators": sorted({each.operator for each in everything}),
    }
    return render_page(request, "regulator/findings.html", context)


def shown(each: Finding) -> dict[str, Any]:
    """A finding as a table shows it."""
    money = each.difference is not None and each.currency
    return {
        "finding": each, "tag": TAGS[each.severity],
        "difference": said(each.difference or 0, each.currency) if money else "",
        "about": things.write((_about(each),)),
    }  # fmt: skip


def _about(each: Finding) -> About:
    """A finding as a case is opened about it."""
    text = " ".join(each.text.split())
    return About(
        kind=AboutKind.FINDING, operator=each.operator, title=each.title, text=text,
        id=f"{each.operator} {each.code} {each.start or ''} {each.end or ''}".strip(),
        started_at=datetime.combine(each.start, time(), UTC) if each.start else None,
        ended_at=datetime.combine(each.end + timedelta(days=1), time(), UTC) if each.end else None,
    )  # fmt: skip


def _line(each: Finding) -> list[Any]:
    return [
        str(each.severity), str(each.kind), each.code, each.operator, each.start, each.end,
        each.title, each.text, each.difference, each.currency,
    ]  # fmt: skip
