"""The policy: whether events are scored, from where on somebody looks, each rule's thresholds."""

import math
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from fraud.features import FEATURES
from fraud.rules import RULES
from fraud.rules.clauses import UNKNOWN
from fraud.rules.words import NAMES
from fraud.scoring import policy
from fraud.scoring.decide import Policy, PolicyUnusable
from kernel import clock
from portal.pages import page, render_page
from tenants import acts
from tenants.contracts import Permission


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.MANAGE_JOURNEYS)
def index(request: HttpRequest) -> HttpResponse:
    """The policy as it is, or a new one."""
    if request.method == "POST":
        member = acts.pseudonym(request.tenant, request.user)  # type: ignore[attr-defined,arg-type]  # a member
        policy.put(_policy(request), actor=member, now=clock.now())
        messages.success(request, "Kept. Events are judged so within a few seconds.")
        return redirect("scoring")
    held = policy.current()
    return render_page(request, "fraud/scoring.html", {"policy": held, "rules": _rules(held)})


def _policy(request: HttpRequest) -> Policy:
    """What was typed. Raises ``PolicyUnusable``."""
    own = {}
    for rule in RULES:
        for clause in rule.clauses:
            key = rule.key(clause)
            text = request.POST.get(key, "").strip()
            if text and (value := _number(text, key)) != clause.threshold:
                own[key] = value
    return Policy(
        on=request.POST.get("on") == "on",
        review=int(_number(request.POST.get("review", ""), "review")),
        block=int(_number(request.POST.get("block", ""), "block")), thresholds=own,
    )  # fmt: skip


def _number(text: str, field: str) -> float:
    try:
        value = float(text.replace(",", ""))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise PolicyUnusable(f"{text[:40]!r} is no number.", field=field)
    return value


def _rules(held: Policy) -> list[dict[str, Any]]:
    """Rules with their clauses as people read and change them; fixed ones are left out."""
    shown = []
    for rule in RULES:
        clauses = [
            {"key": rule.key(clause), "doc": FEATURES[clause.feature].doc.rstrip("."),
             "test": clause.test, "unit": FEATURES[clause.feature].unit,
             "value": f"{rule.threshold(clause, held.thresholds):g}",
             "usual": f"{clause.threshold:g}",
             "own": rule.key(clause) in held.thresholds, "points": clause.points,
             "people": clause.people}
            for clause in rule.clauses
            if clause.points and clause.test != UNKNOWN
        ]  # fmt: skip
        name = rule.name.replace("_", " ").capitalize().replace("Vpn", "VPN")
        shown.append({"name": name, "kind": NAMES[rule.kind], "source": rule.source,
                      "clauses": clauses})  # fmt: skip
    return shown
