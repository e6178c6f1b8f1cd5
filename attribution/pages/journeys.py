"""The journey explorer: a list by cursor, and one person's timeline with credit per touch."""

from collections.abc import Mapping
from datetime import date

from django.http import HttpRequest, HttpResponse

from attribution import queries
from attribution.contracts import LEARNED, MODEL_LABELS, Model
from attribution.pages import filters
from attribution.pages.comparison import EXPLANATIONS
from kernel import days
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

OUTCOMES = {"": None, "converted": True, "open": False}
_LIMIT = 50
_CSV_LIMIT = 500


@page(Permission.VIEW_REPORTS)
def journeys(request: HttpRequest) -> HttpResponse:
    """Journeys, newest first, by outcome, channel, conversion type and person."""
    query = request.GET
    outcome = query.get("outcome", "")
    asked = {
        "converted": OUTCOMES.get(outcome),
        "channel": query.get("channel") or None,
        "conversion_type": query.get("type") or None,
        "subject": query.get("q", "").strip() or None,
        "start": _day(query, "start"),
        "end": _day(query, "end"),
    }
    as_csv = query.get("format") == "csv"
    limit = _CSV_LIMIT if as_csv else _LIMIT
    found = queries.journeys(cursor=query.get("cursor") or None, limit=limit, **asked)  # type: ignore[arg-type]  # each by its own name
    if as_csv:
        header = ["person", "converted", "type", "value", "segment", "path", "start", "end"]
        lines = [
            [
                row.person,
                row.converted,
                row.conversion_type,
                row.value,
                row.segment,
                " > ".join(row.path),
                row.started_at,
                row.ended_at,
            ]
            for row in found.items
        ]
        return csv_response("journeys.csv", header, lines)
    context = {
        "page": found,
        "asked": asked,
        "outcome": outcome,
        "filtered": any(value is not None for value in asked.values()),
        "channels": queries.channels(),
        "types": queries.conversion_types(),
        "more": bool(query.get("cursor")),
    }
    return render_page(request, "attribution/journeys.html", context)


def _day(query: Mapping[str, str], name: str) -> date | None:
    text = query.get(name, "")
    try:
        return days.parse(text) if text else None
    except ValueError:
        raise InvalidInput(f"{name} is a day like 2026-11-20.", field=name) from None


def _note(model: Model) -> str:
    """How the credit of single touches is to be read."""
    if model is Model.MARKOV:
        return (
            "A chain credits channels, not touches: each touch that led to a conversion earns the "
            "same part of its channel's credit of all days."
        )
    if model in LEARNED:
        return (
            "As of the last fit. What no touch caused is shared out over the touches of the same "
            "day and device, so the parts of one journey need not sum to 100%; those of a day do."
        )
    return ""


@page(Permission.VIEW_REPORTS)
def journey(request: HttpRequest, person: str) -> HttpResponse:
    """One person's journeys, each touch with its credit under the chosen model."""
    model = filters.choice(Model, request.GET, "model", Model.LINEAR)
    found = queries.person(subject=person)
    if request.GET.get("format") == "csv":
        header = [
            "at",
            "channel",
            "source",
            "medium",
            "campaign",
            "device",
            "event",
            *Model,
            "confidence",
        ]
        lines = [
            [
                touch.at,
                touch.channel,
                touch.source,
                touch.medium,
                touch.campaign,
                touch.device,
                touch.event_id,
                *(touch.credit.get(each) for each in Model),
                touch.confidence,
            ]
            for detail in found.journeys
            for touch in detail.touches
        ]
        return csv_response("journey.csv", header, lines)
    credited = {each for d in found.journeys for touch in d.touches for each in touch.credit}
    context = {
        "person": found,
        "model": model,
        "model_label": MODEL_LABELS[model],
        "explanation": EXPLANATIONS[model],
        "note": _note(model),
        "models": [(each, MODEL_LABELS[each]) for each in Model if each in credited],
        "may_reject": Permission.MANAGE_JOURNEYS in allowed(request),
        "touches": sum(len(detail.touches) for detail in found.journeys),
    }
    return render_page(request, "attribution/journey.html", context)
