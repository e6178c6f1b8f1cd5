"""Cases: what was not simply let through, and one with everything its decision was made from."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from fraud.cases import queries
from fraud.contracts import Verdict
from fraud.pages.evidence import evidence
from fraud.review import queue
from fraud.rings import queries as rings
from fraud.rules.words import NAMES
from fraud.scoring import policy
from kernel import clock
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

HEADER = [
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
        return csv_response("cases.csv", HEADER, [line(each) for each in found.items])
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
    context = {
        "case": found, "labels": queue.labels(found.event),
        "ring": rings.ring_of(found.event, now=clock.now()), **evidence(found),
    }  # fmt: skip
    return render_page(request, "fraud/case.html", context)


def line(each: queries.CaseItem) -> list[Any]:
    """A case as a line of a download, under ``HEADER``."""
    return [
        each.event, each.at, each.type, each.subject, each.score, str(each.verdict),
        each.kind_name, round(each.record.confidence, 3),
        " ".join(text for text, _ in each.reasons),
    ]  # fmt: skip
