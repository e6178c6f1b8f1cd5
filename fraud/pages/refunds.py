"""The refund ledger: what publishers owe for rejected touches, and what came back."""

import math
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from fraud.refunds import commands, queries
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants import acts
from tenants.contracts import Permission

_HEADER = [
    "decision", "source", "from", "to", "due", "currency", "decided_at", "withdrawn_at",
    "received", "open", "note", "settled_at", "settled_by",
]  # fmt: skip
_NOTE = 500


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Each publisher's balance, and the lines behind it."""
    lines = queries.refunds()
    if request.GET.get("format") == "csv":
        return csv_response("refunds.csv", _HEADER, [_line(each) for each in lines])
    context = {
        "balances": queries.balances(lines),
        "lines": lines,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
    }
    return render_page(request, "fraud/refunds.html", context)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def settle(request: HttpRequest, decision: UUID) -> HttpResponse:
    """Note what a publisher has paid back."""
    commands.settle(
        decision,
        received=_amount(request.POST.get("received", "")),
        note=request.POST.get("note", "").replace("\0", "")[:_NOTE],
        actor=acts.pseudonym(request.tenant, request.user),  # type: ignore[attr-defined,arg-type]  # a member
        now=clock.now(),
    )
    messages.success(request, "Noted. The ledger shows it in a moment.")
    return redirect("refunds")


def _amount(text: str) -> float:
    try:
        amount = float(text.replace(",", ""))
    except ValueError:
        raise InvalidInput("What came back is an amount, like 412.50.", field="received") from None
    if not math.isfinite(amount):
        raise InvalidInput("What came back is an amount, like 412.50.", field="received")
    return amount


def _line(each: queries.RefundItem) -> list[Any]:
    return [
        each.decision, each.source, each.start, each.end, each.amount, each.currency,
        each.decided_at, each.withdrawn_at, each.received, each.open, each.note, each.settled_at,
        each.settled_by,
    ]  # fmt: skip
