"""Settings: the audit trail."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from eventlog import acts as log
from kernel import days
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants import audit
from tenants.contracts import ACT_LABELS, Permission

_HEAD = ["at", "actor", "act", "details", "network", "type", "event_id"]


class BadDay(InvalidInput):
    """A day of the search can't be read."""

    code = "invalid_day"


@require_GET
@page(Permission.VIEW_AUDIT)
def index(request: HttpRequest) -> HttpResponse:
    """Who did what, when, from which network; searched by words, kind and days."""
    sought = _sought(request)
    tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
    if request.GET.get("format") == "csv":
        entries = audit.trail(tenant, sought, limit=audit.EXPORTED).items
        return csv_response("audit.csv", _HEAD, map(_row, entries))
    context = {
        "page": audit.trail(tenant, sought, cursor=request.GET.get("cursor", "")),
        "sought": sought,
        "searched": sought != audit.Sought(),
        "types": [(name, ACT_LABELS.get(name, name)) for name in log.types()],
        "first": not request.GET.get("cursor"),
    }
    return render_page(request, "tenants/audit.html", context)


def _sought(request: HttpRequest) -> audit.Sought:
    return audit.Sought(
        type=request.GET.get("type", "")[:200],
        start=_day(request.GET.get("from", "")),
        end=_day(request.GET.get("to", "")),
        words=request.GET.get("q", "").replace("\x00", "").strip()[:200],
    )


def _day(text: str) -> date | None:
    try:
        return days.parse(text) if text else None
    except ValueError:
        raise BadDay("Give days as year-month-day, like 2026-01-31.") from None


def _row(entry: audit.Entry) -> list[object]:
    details = "; ".join(f"{name}: {value}" for name, value in entry.details)
    return [
        entry.at, entry.actor, entry.label, details, entry.origin, entry.type, str(entry.id)
    ]  # fmt: skip
