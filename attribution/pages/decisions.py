"""Rejected touches and merged reports: what was decided, by whom, why, and what it moved."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from attribution import deciding, queries
from attribution.contracts import MODEL_LABELS, Model
from attribution.pages import filters
from attribution.store.words import ADDITIVE
from kernel import clock, days
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants import acts
from tenants.contracts import Permission

_LIMIT = 50
_CSV_LIMIT = 500


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_REPORTS, post=Permission.MANAGE_JOURNEYS)
def rejections(request: HttpRequest) -> HttpResponse:
    """The decisions, the last first; rejecting a source or some touches, and taking it back."""
    if request.method == "POST":
        return _decide(request)
    as_csv = request.GET.get("format") == "csv"
    found = queries.decisions(
        cursor=request.GET.get("cursor") or None, limit=_CSV_LIMIT if as_csv else _LIMIT
    )
    if as_csv:
        header = ["id", "at", "rejects", "source", "from", "to", "reason", "decided_by",
                  "touches", "journeys"]  # fmt: skip
        lines = [
            [
                row.id, row.at, row.rejects, row.source, row.start, row.end, row.reason,
                row.decided_by, row.touches, row.journeys,
            ]
            for row in found.items
        ]  # fmt: skip
        return csv_response("rejections.csv", header, lines)
    context = {
        "page": found,
        "sources": queries.sources(),
        "touches": request.GET.getlist("touch"),
        "source": request.GET.get("source", ""),
        "reason": request.GET.get("reason", ""),
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
        "waiting": request.GET.get("sent"),
        "more": bool(request.GET.get("cursor")),
    }
    return render_page(request, "attribution/rejections.html", context)


@page(Permission.VIEW_REPORTS)
def rejection(request: HttpRequest, decision: UUID) -> HttpResponse:
    """One decision: credit before and after, the journeys, and every number that changed."""
    model = filters.choice(Model, request.GET, "model", Model.LAST_NON_DIRECT)
    found = queries.decision(str(decision), model=model)
    if request.GET.get("format") == "csv":
        header = ["day", "conversion_type", "segment", "dimension", "label", "model", "before",
                  "after", "value_before", "value_after"]  # fmt: skip
        lines = [
            [
                row.day, row.conversion_type, row.segment, row.dimension, row.label, row.model,
                row.before, row.after, row.value_before, row.value_after,
            ]
            for row in queries.audit(str(decision))
        ]  # fmt: skip
        return csv_response(f"rejection-{decision}.csv", header, lines)
    audit = queries.audit(str(decision))
    context = {
        "found": found,
        "decision": found.decision,
        "model": model,
        "models": [(each, MODEL_LABELS[each]) for each in ADDITIVE],
        "audit": [row for row in audit if row.model == model][:_LIMIT],
        "numbers": len(audit),
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "attribution/rejection.html", context)


@page(Permission.VIEW_REPORTS)
def merged(request: HttpRequest) -> HttpResponse:
    """Reports of conversions that do not count because another tells of the same."""
    as_csv = request.GET.get("format") == "csv"
    found = queries.merged_reports(
        cursor=request.GET.get("cursor") or None, limit=_CSV_LIMIT if as_csv else _LIMIT
    )
    if as_csv:
        header = ["type", "order_id", "why", "at", "source", "value", "counted_at",
                  "counted_source", "counted_value", "person"]  # fmt: skip
        lines = [
            [
                row.conversion_type, row.order_id, row.rule, row.at, row.origin, row.value,
                row.counted_at, row.counted_origin, row.counted_value, row.counted_person,
            ]
            for row in found.items
        ]  # fmt: skip
        return csv_response("merged-conversions.csv", header, lines)
    context = {"page": found, "more": bool(request.GET.get("cursor"))}
    return render_page(request, "attribution/merged.html", context)


def _decide(request: HttpRequest) -> HttpResponse:
    given = request.POST
    act: dict[str, Any] = {
        "reason": given.get("reason", ""),
        "decided_by": acts.pseudonym(request.tenant, request.user),  # type: ignore[attr-defined,arg-type]  # a member
        "now": clock.now(),
    }
    touches = [each for text in given.getlist("touches") for each in text.split()]
    if given.get("rejection"):
        made = deciding.restore_source(rejection=given["rejection"], **act)
    elif touches and given.get("action") == "restore":
        made = deciding.restore_touches(touches=touches, **act)
    elif touches:
        made = deciding.reject_touches(touches=touches, **act)
    else:
        made = deciding.reject_source(
            name=given.get("source", ""), start=_day(given.get("start")),
            end=_day(given.get("end")), **act,
        )  # fmt: skip
    return redirect(f"{request.path}?sent={made}")


def _day(text: str | None) -> date | None:
    try:
        return days.parse(text) if text else None
    except ValueError:
        raise InvalidInput("A day is written like 2026-11-20.", field="start") from None
