"""Rings: what hangs together; one as a graph, all of it labelled at once."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from attribution import queries as attribution
from fraud import queries as fraud
from fraud.cases.queries import item
from fraud.contracts import EventFraud
from fraud.labels.commands import Word
from fraud.pages import saying
from fraud.pages.cases import HEADER, line
from fraud.review.queue import MOST_TOGETHER
from fraud.rings import queries
from fraud.rings.drawing import SIDE, drawing
from fraud.rings.found import Ring
from fraud.rings.graph import Graph, Member
from fraud.rings.words import counted, kind_name, sentence, short
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import allowed, page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

_HEADER = [
    "ring", "events", "persons", "devices", "addresses", "kinds", "publishers", "value",
    "currency", "first_seen", "last_seen",
]  # fmt: skip
_SHOWN, _EXPORTED = 20, 10_000


@require_GET
@page(Permission.VIEW_REPORTS)
def index(request: HttpRequest) -> HttpResponse:
    """All rings of the last days, the largest first."""
    found = queries.found(now=clock.now())
    names = queries.publisher_names({each for ring in found.rings for each, _ in ring.publishers})
    if request.GET.get("format") == "csv":
        return csv_response("rings.csv", _HEADER, [_line(each, names) for each in found.rings])
    context = {
        "found": found, "days": queries.DAYS, "currency": attribution.home(),
        "rings": [
            {"ring": each, "kinds": _kinds(each), "publishers": _publishers(each, names)}
            for each in found.rings
        ],
    }  # fmt: skip
    return render_page(request, "fraud/rings.html", context)


@require_http_methods(["GET", "POST"])
@page(Permission.VIEW_REPORTS, post=Permission.MANAGE_JOURNEYS)
def ring(request: HttpRequest, ring: str) -> HttpResponse:
    """One ring: its graph, its members, its cases; a POST labels what nobody has labelled."""
    held = queries.ring(ring, now=clock.now())
    if request.method == "POST":
        return _label(request, held)
    if request.GET.get("format") == "csv":
        lines = [line(item(row)) for row in queries.cases_of(held)[:_EXPORTED]]
        return csv_response("ring.csv", HEADER, lines)
    return render_page(request, "fraud/ring.html", _shown(request, held))


@require_POST
@page(Permission.MANAGE_JOURNEYS)
def undo(request: HttpRequest, ring: str) -> HttpResponse:
    """Take the latest word back, if it was about this ring."""
    held = queries.ring(ring, now=clock.now())
    if _undoable(request, held) and saying.take_back(request):
        messages.success(request, "Taken back.")
    return redirect("ring", held.id)


def _shown(request: HttpRequest, held: Ring) -> dict[str, Any]:
    publishers = queries.publisher_names({each for each, _ in held.publishers})
    whole, persons = queries.graph_of(held), queries.persons_of(held)
    drawn = drawing(whole, _names(whole, publishers, persons))
    return {
        "ring": held, "sentence": sentence(held, publishers), "currency": attribution.home(),
        "kinds": _kinds(held), "publishers": _publishers(held, publishers), "side": SIDE,
        "drawing": drawn,
        "members": [(each, _link(each.member, publishers, persons)) for each in drawn.shapes],
        "cases": [item(row) for row in queries.cases_of(held)[:_SHOWN]],
        "may": Permission.MANAGE_JOURNEYS in allowed(request),
        "left": queries.unlabelled(held, without=saying.said(request)).count(),
        "most": MOST_TOGETHER, "most_drawn": queries.MOST_DRAWN, "undo": _undoable(request, held),
    }  # fmt: skip


def _label(request: HttpRequest, held: Ring) -> HttpResponse:
    said = request.POST.get("fraud", "")
    if said not in ("0", "1"):
        raise InvalidInput("Say whether it is fraud or honest.")
    fraud_, note = said == "1", request.POST.get("note", "").strip()[:500]
    rows = queries.unlabelled(held, without=saying.said(request))[:MOST_TOGETHER]
    words = [
        Word(
            event=row.event, fraud=fraud_, note=note,
            kind=EventFraud(row.kind) if fraud_ and row.kind else None,
        )
        for row in rows
    ]  # fmt: skip
    if words:
        saying.say(request, words)
        done = f"{counted(len(words), 'case')} labelled {'fraud' if fraud_ else 'honest'}."
        messages.success(request, done)
    else:
        messages.info(request, "All of its cases are labelled already.")
    return redirect("ring", held.id)


def _undoable(request: HttpRequest, held: Ring) -> bool:
    groups = saying.groups(request)
    return bool(groups) and groups[-1][0] in held.events


def _kinds(held: Ring) -> list[tuple[str, int]]:
    return [(kind_name(kind), count) for kind, count in held.kinds]


def _publishers(held: Ring, names: Mapping[float, str]) -> list[tuple[str, int, float]]:
    """Name, events and share of the ring's events."""
    return [(names[each], count, count / len(held.events)) for each, count in held.publishers]


def _names(
    whole: Graph, publishers: Mapping[float, str], persons: Mapping[float, str]
) -> dict[Member, str]:
    named = {("publisher", number): name for number, name in publishers.items()}
    named |= {("subject", number): f"person {each[:6]}" for number, each in persons.items()}
    return {each: named.get(each) or short(each) for each in whole.nodes}


def _link(member: Member, publishers: Mapping[float, str], persons: Mapping[float, str]) -> str:
    """The page that tells more of a member; empty where there is none."""
    sort, number = member
    if sort == "subject" and number in persons:
        return reverse("journey", args=[persons[number]])
    known = sort == "publisher" and publishers.get(number) not in (None, short(member))
    return fraud.page_of(publishers[number]) if known else ""


def _line(each: Ring, names: Mapping[float, str]) -> list[Any]:
    return [
        each.id, len(each.events), each.persons, each.devices, each.addresses,
        "; ".join(f"{name} {count}" for name, count in _kinds(each)),
        "; ".join(f"{name} {count}" for name, count, _ in _publishers(each, names)),
        round(each.value, 2), attribution.home(), each.first, each.last,
    ]  # fmt: skip
