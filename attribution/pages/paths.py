"""The path explorer: how people move between channels, and where they convert or leave."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries
from attribution.credit.paths import Paths
from attribution.flows import steps, top
from attribution.pages import filters
from charts import sankey
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

DEPTHS = ("2", "3", "4", "5")
_SHOWN, _EXPORTED, _LOOPS, _NAMED, _STEPS = 25, 100_000, 8, 7, 8
ENDS = (steps.CONVERTED, steps.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the explorer was asked for beside the usual filters."""

    depth: int
    converting: bool
    repeats: bool


@page(Permission.VIEW_REPORTS)
def paths(request: HttpRequest) -> HttpResponse:
    """Flows, top paths, loops, drop-off and exits of the range's journeys."""
    asked, how = filters.read(request), _asked(request)
    found = queries.observed_paths(by=asked.by, **asked.scope)
    if request.GET.get("format") == "csv":
        return _csv(found, how)
    best = top.top(found, limit=_SHOWN, repeats=how.repeats)
    first = steps.drop_off(found, depth=_STEPS)
    context = {
        **filters.context(asked),
        "how": how,
        "depths": DEPTHS,
        "best": best,
        "rest": max(best.distinct - len(best.rows), 0),
        "loops": top.loops(found, limit=_LOOPS),
        "steps": first,
        "exits": steps.exits(found),
        "currency": request.tenant.currency,  # type: ignore[attr-defined]  # set by the middleware
        "log": queries.checkpoint(),
        "journeys_url": f"{reverse('journeys')}?{_days(asked)}",
        **_chart(found, how),
    }
    return render_page(request, "attribution/paths.html", context)


def _asked(request: HttpRequest) -> Asked:
    depth = request.GET.get("depth", "3")
    if depth not in DEPTHS:
        raise InvalidInput("The flow has 2 to 5 touches.", field="depth")
    return Asked(
        depth=int(depth),
        converting=request.GET.get("converting") == "1",
        repeats=request.GET.get("repeats") == "1",
    )


def _days(asked: filters.Filters) -> str:
    return urlencode({"start": asked.days.start.isoformat(), "end": asked.days.end.isoformat()})


def _chart(found: Paths, how: Asked) -> dict[str, Any]:
    links = steps.flows(found, steps=how.depth, most=_NAMED, converting=how.converting)
    if not links:
        return {"chart": None}
    placed = sankey.layout(
        [
            sankey.Flow(
                column=link.source[0],
                source=link.source[1],
                target=link.target[1],
                value=link.journeys,
            )
            for link in links
        ]
    )
    total = sum(link.journeys for link in links if link.source[0] == 0)
    summary = f"How {total:,.0f} journeys went through their first {how.depth} touches."
    title = "How journeys go"
    return {
        "chart": sankey.spec(title=title, placed=placed, ends=ENDS),
        "chart_title": title,
        "summary": summary,
    }


def _csv(found: Paths, how: Asked) -> HttpResponse:
    rows = top.top(found, limit=_EXPORTED, repeats=how.repeats).rows
    lines = [
        [" > ".join(row.path), row.journeys, row.conversions, row.rate, row.value] for row in rows
    ]
    return csv_response("paths.csv", ["path", "journeys", "conversions", "rate", "value"], lines)
