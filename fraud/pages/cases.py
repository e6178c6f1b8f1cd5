"""Cases: what was not simply let through, and one with everything its decision was made from."""

from dataclasses import dataclass
from datetime import date
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
from portal import daterange
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

HEADER = [
    "event", "at", "type", "subject", "score", "verdict", "kind", "confidence", "reasons",
]  # fmt: skip
_EXPORTED = 10_000
_NAMED = ("publisher", "campaign")
_RANGES = (("", "All"), *daterange.RANGES)
VERDICTS = (("", "All"), (str(Verdict.REVIEW), "Review"), (str(Verdict.BLOCK), "Block"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _AllDays:
    """The range of who chose none: nothing is left out."""

    start: date | None = None
    end: date | None = None
    preset: str = ""


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Cases, newest event first."""
    days = _days(request)
    words = {name: request.GET.get(name, "") for name in ("verdict", "kind", *_NAMED)}
    asked: dict[str, Any] = {**words, "start": days.start, "end": days.end}
    if request.GET.get("format") == "csv":
        found = queries.cases(**asked, limit=_EXPORTED)
        return csv_response("cases.csv", HEADER, [line(each) for each in found.items])
    cursor, counts = request.GET.get("cursor"), queries.counts()
    context = {
        "page": queries.cases(**asked, cursor=cursor),
        "more": bool(cursor),
        "verdicts": VERDICTS,
        **words,
        "kinds": [(str(each), name, counts.get(str(each), 0)) for each, name in NAMES.items()],
        "named": [(name, queries.sources(name), words[name]) for name in _NAMED],
        "range": days,
        "ranges": _RANGES,
        "chosen": any(words.values()) or days.start is not None,
        "on": policy.current().on,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "fraud/cases.html", context)


def _days(request: HttpRequest) -> daterange.DateRange | _AllDays:
    """The range asked for; all days without one, or for who chose them whatever the dates say."""
    if request.GET.get("range", "x") and daterange.asked(request.GET):
        return daterange.parse(request.GET, clock.now().date())
    return _AllDays()


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
