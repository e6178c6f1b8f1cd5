"""Learned detectors: which judge, what they can, who judges the course of a day; training, back."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from charts.specs import Bar, bars
from kernel import clock
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from regulator import queries, tasks_learned
from regulator.learned import progress, registry
from regulator.learned.card import card
from regulator.learned.item import ModelItem
from regulator.learned.members import NETWORK
from regulator.learned.registry import RETIRED
from regulator.learned.serving import CHAMPION
from regulator.learned.steps import Step
from regulator.learned.trial import Shape
from tenants import acts
from tenants.contracts import Permission

_HEADER = [
    "model", "operator", "judged_by", "components", "network", "difference", "low", "high",
    "stretches", "anomalies",
]  # fmt: skip
SHAPES = {
    Shape.REORDERED: "Hours in another order",
    Shape.SHIFTED: "Day runs early or late",
    Shape.FROZEN: "Same hours again and again",
    Shape.FLATTENED: "Day and night alike",
    Shape.NIGHT_FOR_EVENING: "Evening's play at night",
    Shape.PAYOUTS_TOO_HIGH: "Payouts too high",
    Shape.EVENTS_LOST: "Records lost",
}


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """Those that judge and those before them, and how far a training is."""
    found = registry.models()
    champion = next((each for each in found if each.state == CHAMPION), None)
    if request.GET.get("format") == "csv" and champion:
        return csv_response("learned-detectors.csv", _HEADER, _lines(champion))
    context = {
        "models": found,
        "champion": champion,
        "ways": _ways(champion) if champion else [],
        "networks": _networks(champion) if champion else 0,
        "shapes": _shapes(champion) if champion else None,
        "back": any(each.state == RETIRED and each.promoted_at for each in found),
        "progress": progress.TRAINING.shown(Step),
        "may": Permission.MANAGE_OPERATORS in allowed(request),
    }
    return render_page(request, "regulator/learned.html", context)


@require_GET
@page(Permission.VIEW_REPORTS)
def model_card(request: HttpRequest, digest: str) -> HttpResponse:
    """What is to be known of one of them, as Markdown."""
    found = registry.model(digest)
    name = f"detectors-{found.digest[:8]}.md"
    return HttpResponse(
        card(found), content_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )  # fmt: skip


@require_POST
@page(Permission.MANAGE_OPERATORS)
def train(request: HttpRequest) -> HttpResponse:
    """Ask for a training; one at a time."""
    if not tasks_learned.wake(request.tenant.schema_name, _who(request)):  # type: ignore[attr-defined]  # set by the middleware
        messages.info(request, "A training is under way already, or no worker could be told.")
    return redirect("learned-detectors")


@require_POST
@page(Permission.MANAGE_OPERATORS)
def roll_back(request: HttpRequest) -> HttpResponse:
    """Put back those that judged before."""
    registry.roll_back(actor=_who(request), now=clock.now())
    messages.success(request, "Those before judge again from the next night on.")
    return redirect("learned-detectors")


def _who(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member


def _ways(champion: ModelItem) -> list[dict[str, Any]]:
    """Operators with who judges their windows, those judged by the network first."""
    names = dict(queries.names())
    rows = [
        {
            "operator": operator,
            "name": names.get(operator, operator),
            "known": operator in names,
            "network": told["way"] == NETWORK,
            "told": told if "difference" in told else None,
        }
        for operator, told in champion.ways.items()
    ]
    return sorted(rows, key=lambda row: (not row["network"], str(row["name"]).casefold()))


def _networks(champion: ModelItem) -> int:
    return sum(1 for told in champion.ways.values() if told["way"] == NETWORK)


def _shapes(champion: ModelItem) -> Mapping[str, Any] | None:
    """Of each kind of anomaly that was put in on trial, the share that was found."""
    found = [
        Bar(label=words, value=100 * champion.figures[f"found_{shape}"])
        for shape, words in SHAPES.items()
        if f"found_{shape}" in champion.figures
    ]
    return bars(title="Found on trial", rows=found, unit="% found") if found else None


def _lines(champion: ModelItem) -> list[list[Any]]:
    return [
        [champion.digest, operator, told["way"], *(told.get(name, "") for name in _HEADER[3:])]
        for operator, told in sorted(champion.ways.items())
    ]
