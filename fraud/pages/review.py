"""Review: one case at a time, the keyboard alone if you like; whole patterns at once; undo."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fraud.cases import queries
from fraud.contracts import EventFraud
from fraud.labels.commands import Word
from fraud.models import Case
from fraud.pages import saying
from fraud.pages.evidence import evidence
from fraud.review import queue
from fraud.rules.words import NAMES
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from tenants.contracts import Permission

_SKIPPED = "fraud-skipped"


@never_cache
@require_GET
@page(Permission.MANAGE_JOURNEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The case that waits first, with its evidence and what was like it."""
    who, kind = saying.who(request), request.GET.get("kind", "")
    if kind and kind not in tuple(EventFraud):
        raise InvalidInput("There is no such kind of fraud.")
    said = saying.said(request)
    passed = [*said, *request.session.get(_SKIPPED, [])]
    # What was just taken back comes first: its label may not have left the read model yet.
    event = saying.undone(request)
    undone = Case.objects.filter(event=event).first() if event else None
    row = undone or queue.waiting(who, kind=kind, without=passed).first()
    case = queries.item(row) if row else None
    waiting, second = queue.counts(who, without=said)
    context: dict[str, Any] = {
        "case": case, "waiting": waiting, "second": second, "agreement": queue.agreed(),
        "kind": kind, "kinds": [(str(each), name) for each, name in NAMES.items()],
        "undo": bool(said), "skipped": len(request.session.get(_SKIPPED, [])),
    }  # fmt: skip
    if case:
        context |= evidence(case)
        context["similar"] = queue.similar(case)
        context["patterns"] = queue.patterns(case, who)
    return render_page(request, "fraud/review.html", context)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def label(request: HttpRequest) -> HttpResponse:
    """Say what a case was, or all that share a pattern with it."""
    who, case = saying.who(request), queries.case(_event(request))
    fraud, pattern = request.POST.get("fraud") == "1", request.POST.get("pattern", "")
    events = queue.together(case, pattern, who) if pattern else [UUID(case.event)]
    note = request.POST.get("note", "").strip()[:500]
    words = [Word(event=event, fraud=fraud, kind=case.kind if fraud else None, note=note)
             for event in events]  # fmt: skip
    saying.say(request, words)
    if pattern:
        messages.success(request, f"{len(events)} cases labelled {'fraud' if fraud else 'honest'}.")
    return _next(request)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def skip(request: HttpRequest) -> HttpResponse:
    """Pass a case over for now."""
    skipped = [*request.session.get(_SKIPPED, []), str(_event(request))]
    request.session[_SKIPPED] = skipped[-saying.REMEMBERED :]
    saying.go_on(request)
    return _next(request)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def undo(request: HttpRequest) -> HttpResponse:
    """Take the latest word back, of all it was said of; without one, show what was skipped."""
    if saying.take_back(request):
        messages.success(request, "Taken back.")
    else:
        request.session[_SKIPPED] = []
    return _next(request)


def _event(request: HttpRequest) -> UUID:
    try:
        return UUID(request.POST.get("event", ""))
    except ValueError:
        raise InvalidInput("This is no case.") from None


def _next(request: HttpRequest) -> HttpResponse:
    answer, kind = redirect("review"), request.POST.get("kind", "")
    if kind in tuple(EventFraud):
        answer["Location"] += f"?kind={kind}"
    return answer
