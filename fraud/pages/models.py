"""Models: which judges, which waits in its shadow, what each can do; training, promotion, back."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from fraud import tasks
from fraud.base.offered import offered
from fraud.models import Label
from fraud.pages import drift
from fraud.pages.members import members
from fraud.pages.shadow import shadow_of
from fraud.scoring import policy
from fraud.training import progress, registry
from fraud.training.item import ModelItem
from fraud.training.steps import Step
from kernel import clock
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants import acts
from tenants.contracts import Permission

_HEADER = [
    "model", "family", "state", "registered_at", "promoted_at", "average_precision",
    "average_precision_low", "average_precision_high", "auc", "recall", "calibration_error",
    "parity", "examples", "fraud", "features_version",
]  # fmt: skip
_FIGURES = (*_HEADER[5:12],)


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """All models, the champion first, and how far the training is."""
    found = registry.models()
    if request.GET.get("format") == "csv":
        return csv_response("models.csv", _HEADER, [_line(each) for each in found])
    champion = next((each for each in found if each.state == "champion"), None)
    digest = champion.digest if champion else ""
    if request.GET.get("format") == "drift":
        return drift.csv(digest)
    newest = max(found, key=lambda each: each.registered_at, default=None)
    context = {
        "models": found,
        "of": newest,
        "members": members(newest.figures) if newest else [],
        "champion": champion,
        "shadow": shadow_of(found),
        "base": offered(),
        "back": any(each.state == registry.RETIRED and each.promoted_at for each in found),
        "progress": progress.TRAINING.shown(step for step in Step if step is not Step.PROMOTE),
        "labels": Label.objects.count(),
        "on": policy.current().on,
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
        **drift.section(digest),
    }
    return render_page(request, "fraud/models.html", context)


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def train(request: HttpRequest) -> HttpResponse:
    """Ask for a training; one at a time."""
    if progress.begin():
        tasks.train.delay(schema=request.tenant.schema_name)  # type: ignore[attr-defined]  # set by the middleware
    else:
        messages.info(request, "A training is under way already.")
    return redirect("models")


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def promote(request: HttpRequest) -> HttpResponse:
    """Make a model the champion."""
    registry.promote(
        request.POST.get("model", ""), why="Chosen on the models page.", actor=_who(request),
        now=clock.now(),
    )  # fmt: skip
    tasks.wake_tracking(request.tenant.schema_name)  # type: ignore[attr-defined]  # as above
    messages.success(request, "Promoted. It takes part in scores within a few seconds.")
    return redirect("models")


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def use_base(request: HttpRequest) -> HttpResponse:
    """Have the shared base model tried where there is no model yet."""
    if offered():
        tasks.wake_base(request.tenant.schema_name, _who(request))  # type: ignore[attr-defined]  # set by the middleware
        messages.success(request, "It is being tried on your events; this page will say how.")
    else:
        messages.info(request, "There is a model already, or none is shared for today's features.")
    return redirect("models")


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def roll_back(request: HttpRequest) -> HttpResponse:
    """Put the champion before this one back, or none."""
    if request.POST.get("to") == "rules":
        registry.retire(why="Back to the rules alone.", actor=_who(request), now=clock.now())
        messages.success(request, "Scores are the rules' alone again within a few seconds.")
    else:
        registry.roll_back(actor=_who(request), now=clock.now())
        messages.success(request, "The champion before is back within a few seconds.")
    tasks.wake_tracking(request.tenant.schema_name)  # type: ignore[attr-defined]  # as above
    return redirect("models")


def _who(request: HttpRequest) -> str:
    return acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member


def _line(each: ModelItem) -> list[Any]:
    return [
        each.digest, each.family, each.state, each.registered_at, each.promoted_at,
        *(each.figures.get(name, "") for name in _FIGURES), each.learned_from["examples"],
        each.learned_from["fraud"], each.features_version,
    ]  # fmt: skip
