"""Evidence of a case or of an operator's days: ask for it, and take it away."""

from datetime import UTC, datetime, time, timedelta
from typing import cast
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from kernel import clock, days
from kernel.errors import NotFound
from portal.pages import page
from regulator import queries_cases
from regulator.dossier import jobs
from tenants import acts
from tenants.contracts import Permission


@require_POST
@page(Permission.VERIFY_LOG)
def of_case(request: HttpRequest, case_id: UUID) -> HttpResponse:
    """Have a case's evidence written."""
    case = queries_cases.case(case_id)
    jobs.ask_for_case(case, actor=_member(request), now=clock.now())
    return redirect(f"{reverse('case-file', args=[case_id])}#dossiers")


@require_POST
@page(Permission.VERIFY_LOG)
def of_days(request: HttpRequest) -> HttpResponse:
    """Have the evidence of an operator's days written, both days included."""
    since, until = _day(request, "from"), _day(request, "to") + timedelta(days=1)
    jobs.ask_for_days(
        request.POST.get("operator", "")[:40], since, until, actor=_member(request),
        now=clock.now(),
    )  # fmt: skip
    return redirect(f"{reverse('audit-search')}#dossiers")


@require_GET
@page(Permission.VERIFY_LOG)
def download(request: HttpRequest, dossier_id: int) -> HttpResponse:
    """The bundle that was written; whoever takes it stands in the log."""
    path = jobs.path_of(jobs.one(dossier_id))
    if not path.exists():
        raise NotFound("This bundle is not there (yet, or any more).")
    name = f"evidence-{dossier_id}.zip"
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=name)
    answer["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", answer)  # streamed, which the kit's type of a page does not know


def _day(request: HttpRequest, name: str) -> datetime:
    try:
        day = days.parse(request.POST.get(name, ""))
    except ValueError:
        text = "Give both days as year-month-day, like 2026-01-31."
        raise jobs.BadStretch(text, field=name) from None
    return datetime.combine(day, time(), UTC)


def _member(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
