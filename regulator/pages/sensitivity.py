"""How sensitively an operator is watched, with what each level would have flagged before."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from charts.stretches import Moment, Stretch, marked
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, is_partial, page, render_page
from regulator import queries, queries_anomalies
from regulator.contracts_anomalies import Level
from regulator.figures.projection import DAY
from regulator.pages.findings import TAGS
from regulator.watch import commands, trial
from regulator.watch.passes import FIRST
from regulator.watch.sighting import Sighting
from regulator.watch.words import ABOUT, about
from tenants import acts
from tenants.contracts import Permission

LEVELS = {
    Level.LOW: ("Low", "a thirtieth of the false alarms; small losses are seen later or not"),
    Level.NORMAL: ("Normal", "the sizes that each detector is published with"),
    Level.HIGH: ("High", "thirty times the false alarms; small losses are seen sooner"),
}
_SHOWN = 100


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_REPORTS, post=Permission.MANAGE_OPERATORS)
def index(request: HttpRequest, operator: str) -> HttpResponse:
    """The levels that hold; a preview of the one being looked at; a POST keeps it."""
    entry = queries.operator(operator)
    if request.method == "POST":
        commands.set_sensitivity(
            entry.operator, kind=request.POST.get("kind", ""),
            level=request.POST.get("level", ""), now=clock.now(),
            actor=acts.pseudonym(request.tenant, request.user),  # type: ignore[attr-defined,arg-type]  # a member
        )  # fmt: skip
        messages.success(request, "Kept. The next look is as sensitive as that.")
        return redirect("operator-sensitivity", entry.operator)
    held = queries_anomalies.sensitivity(entry.operator)
    whole = next((each.level for each in held if not each.kind), Level.NORMAL)
    level = _level(request.GET.get("level", ""), whole)
    kind = request.GET.get("kind", "")
    context = {
        "entry": entry,
        "level": level,
        "kind": kind,
        "levels": [(str(each), *words) for each, words in LEVELS.items()],
        "says": LEVELS[level][1],
        "kinds": [(str(each), words.name) for each, words in ABOUT.items() if each in _SET],
        "held": [
            {"item": each, "name": about(each.kind).name if each.kind else "All kinds"}
            for each in held
        ],
        "whole": whole,
        "may": Permission.MANAGE_OPERATORS in allowed(request),
        # The whole page comes at once; what takes seconds follows it.
        "preview": _preview(entry.operator, level, kind) if is_partial(request) else None,
    }
    return render_page(request, "regulator/sensitivity.html", context)


_SET = [
    each for each in ABOUT
    if each.value not in ("tax", "rate_change", "brand_mix_up", "shrunken_history",
                          "incomplete_period", "renumbered")
]  # fmt: skip
"""Kinds that have a level: the others are exact."""


def _level(text: str, held: Level) -> Level:
    if not text:
        return held
    if text not in set(Level):
        raise InvalidInput(f"A level is one of {', '.join(Level)}.", field="level")
    return Level(text)


def _preview(operator: str, level: Level, kind: str) -> dict[str, Any]:
    now = clock.now()
    tried = {
        each: [one for one in of if kind in ("", str(one.kind))]
        for each, of in trial.tried(operator, now=now).items()
    }
    found = sorted(tried[level], key=lambda each: each.started_at, reverse=True)
    return {
        "rows": [
            {"item": each, "name": about(each.kind).name, "tag": TAGS[each.severity]}
            for each in found[:_SHOWN]
        ],
        "more": max(len(found) - _SHOWN, 0),
        "counts": _counts(tried),
        "totals": [(LEVELS[each][0], len(of)) for each, of in tried.items()],
        "since": now - FIRST,
        **_chart(operator, found, now),
    }


def _counts(tried: Mapping[Level, Sequence[Sighting]]) -> list[tuple[str, list[int]]]:
    """Of each kind how many every level flags."""
    by_level = [Counter(str(each.kind) for each in of) for of in tried.values()]
    kinds = sorted(set().union(*by_level), key=lambda kind: about(kind).name)
    return [(about(kind).name, [each[kind] for each in by_level]) for kind in kinds]


def _chart(operator: str, found: Sequence[Sighting], now: datetime) -> dict[str, Any]:
    start = (now - FIRST).date()
    days = queries.spans(operator, span=DAY, start=start, end=now.date() - timedelta(days=1))
    if not days:
        return {}
    stretches = [
        Stretch(start=each.started_at, end=each.ended_at, label=about(each.kind).name)
        for each in found
    ]
    series = {
        "Records": [
            Moment(at=each.start.astimezone(UTC), value=each.figures.events) for each in days
        ]
    }
    return {
        "chart": marked(title="Records by day", series=series, stretches=stretches, unit="records"),
        "summary": f"{len(found)} stretches of the last 90 days are marked.",
    }
