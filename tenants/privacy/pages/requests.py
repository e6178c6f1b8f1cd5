"""Settings: what people asked for, what was done, and by when it must be."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants import acts
from tenants.contracts import Permission
from tenants.privacy import commands, exports, holdings, queries
from tenants.privacy.contracts import Kind
from tenants.privacy.forms import REASONS, RequestForm, StepForm

_HEAD = ["id", "kind", "subject", "reference", "state", "received_on", "due_on", "closed_at"]


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_PRIVACY)
def index(request: HttpRequest) -> HttpResponse:
    """The requests, and taking one."""
    now = clock.now()
    form = RequestForm(request.POST or None, initial={"received_on": now.date().isoformat()})
    if request.method == "POST" and form.is_valid():
        try:
            return redirect("privacy-request", _received(request, form.cleaned_data, now))
        except InvalidInput as error:
            form.add_error(error.data.get("field"), error.detail)
    rows = queries.requests()
    if request.GET.get("format") == "csv":
        return csv_response(
            "privacy-requests.csv", _HEAD, [[getattr(row, name) for name in _HEAD] for row in rows]
        )
    context = {"requests": rows, "form": form, "today": now.date()}
    return render_page(request, "privacy/requests.html", context)


def _received(request: HttpRequest, sent: dict[str, Any], now: datetime) -> str:
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    return commands.receive(
        tenant=tenant,
        kind=Kind(sent["kind"]),
        subject=commands.subject_of(tenant=tenant, id_kind=sent["id_kind"], value=sent["value"]),
        actor=_actor(request),
        reference=sent["reference"],
        received_on=sent["received_on"],
        now=now,
    )


@never_cache
@require_GET
@page(Permission.MANAGE_PRIVACY)
def detail(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """One request, its history, and what can be done."""
    found = queries.request(str(request_id))
    context = {
        "found": found,
        "subjects": holdings.stitched([found.subject]),
        "today": clock.now().date(),
        "made": exports.of(found.id),
        "reasons": [(str(each), text) for each, text in REASONS.items() if str(each) != "complex"],
    }
    return render_page(request, "privacy/request.html", context)


@require_POST
@page(Permission.MANAGE_PRIVACY)
def step(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Note what was done; completing an erasure erases."""
    form = StepForm(request.POST)
    if not form.is_valid():
        raise InvalidInput("There is no such step.")
    commands.take_step(
        tenant=request.tenant,  # type: ignore[attr-defined]  # the middleware's
        request_id=str(request_id),
        actor=_actor(request),
        now=clock.now(),
        **form.chosen(),
    )
    return redirect("privacy-request", request_id)


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_PRIVACY)
def data(request: HttpRequest, request_id: UUID) -> HttpResponse:
    """Have the person's data made (a step of the request), or download it as a zip."""
    tenant, now = request.tenant, clock.now()  # type: ignore[attr-defined]  # the middleware's
    found = queries.request(str(request_id))
    if request.method == "POST":
        exports.ask(tenant=tenant, request_id=found.id, actor=_actor(request), now=now)
        return redirect("privacy-request", request_id)
    data = exports.opened(found.id, now=now)
    name = f'attachment; filename="personal-data-{found.id[:8]}.zip"'
    return HttpResponse(data, content_type="application/zip", headers={"Content-Disposition": name})


def _actor(request: HttpRequest) -> str:
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    return acts.pseudonym(tenant, request.user)  # type: ignore[arg-type]  # a member
