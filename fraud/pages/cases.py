"""Cases: what was not simply let through, and one with everything its decision was made from."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from charts.specs import Bar, bars
from fraud.cases import queries
from fraud.contracts import Verdict
from fraud.features import FEATURES
from fraud.rules.words import NAMES, amount
from fraud.scoring import policy
from fraud.scoring.decide import RECOMMENDATIONS, PolicyUnusable, again
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_HEADER = [
    "event", "at", "type", "subject", "score", "verdict", "kind", "confidence", "reasons",
]  # fmt: skip
_EXPORTED = 10_000
VERDICTS = (("", "All"), (str(Verdict.REVIEW), "Review"), (str(Verdict.BLOCK), "Block"))


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Cases, newest event first."""
    verdict, kind = request.GET.get("verdict", ""), request.GET.get("kind", "")
    if request.GET.get("format") == "csv":
        found = queries.cases(verdict=verdict, kind=kind, limit=_EXPORTED)
        return csv_response("cases.csv", _HEADER, [_line(each) for each in found.items])
    cursor, counts = request.GET.get("cursor"), queries.counts()
    context = {
        "page": queries.cases(verdict=verdict, kind=kind, cursor=cursor),
        "more": bool(cursor),
        "verdicts": VERDICTS,
        "verdict": verdict,
        "kinds": [(str(each), name, counts.get(str(each), 0)) for each, name in NAMES.items()],
        "kind": kind,
        "on": policy.current().on,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "fraud/cases.html", context)


@require_GET
@page(Permission.VIEW_REPORTS)
def case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """One case: reasons by weight, what was known, and whether the decision can be made again."""
    found = queries.case(case_id)
    rows = [Bar(label=_short(text), value=points) for text, points in found.reasons]
    context = {
        "case": found,
        "recommendation": RECOMMENDATIONS[found.verdict],
        "chart": bars(title="Points by reason", rows=rows, unit=" points") if rows else None,
        "summary": "; ".join(f"{text} {points:g} points" for text, points in found.reasons),
        "known": _known(found),
        "features": len(FEATURES),
        "same": _same(found),
    }
    return render_page(request, "fraud/case.html", context)


def _short(text: str) -> str:
    """The part of a sentence that says what was seen."""
    return text.split(";", 1)[0]


def _known(found: queries.CaseItem) -> list[tuple[str, list[dict[str, Any]]]]:
    """What was known, by group: name, value in its unit, window, what it is."""
    values, groups = found.record.features, []
    for group in FEATURES.groups:
        rows = [
            {"name": each.name, "value": amount(each.name, values[each.name]),
             "unit": "" if each.unit in ("s", "share", "bits") else each.unit,
             "window": each.window, "doc": each.doc}
            for each in FEATURES
            if each.group == group and each.name in values
        ]  # fmt: skip
        if rows:
            groups.append((group, rows))
    return groups


def _same(found: queries.CaseItem) -> bool | None:
    """Whether the record gives the same decision; ``None``: made by another version."""
    try:
        made = again(found.record)
    except PolicyUnusable:
        return None
    return (made.score, made.verdict, made.kind) == (found.score, found.verdict, found.kind)


def _line(each: queries.CaseItem) -> list[Any]:
    return [
        each.event, each.at, each.type, each.subject, each.score, str(each.verdict),
        each.kind_name, round(each.record.confidence, 3),
        " ".join(text for text, _ in each.reasons),
    ]  # fmt: skip
