"""The path explorer: how people move between channels, and where they convert or leave."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries
from attribution.contracts import EVERY, By
from attribution.credit.paths import Paths
from attribution.flows import reads, steps, top
from attribution.pages import filters
from charts import sankey
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

DEPTHS = ("2", "3", "4", "5")
_SHOWN, _EXPORTED, _LOOPS, _NAMED, _STEPS, _EXITS = 25, 100_000, 8, 6, 8, 25
ENDS = (steps.CONVERTED, steps.LOST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the explorer was asked for beside the usual filters."""

    depth: int
    converting: bool
    repeats: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A path with its part of all conversions, and the journeys list nearest to it.

    ``scale`` is the bar's length, 0..1: the first row's is whole.
    The list filters by one channel: by that of the path which fewest journeys have.
    """

    figures: top.PathFigures
    share: float
    scale: float
    through: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of the journeys of a step or a channel; ``scale`` is the bar's length, 0..1."""

    label: str
    url: str
    journeys: float
    converted: float
    lost: float
    continued: float
    scale: float

    @property
    def parts(self) -> list[tuple[str, float, float]]:
        """The bar's pieces from left to right: name, where it starts and how long it is, in %."""
        at, found = 0.0, []
        for name in ("converted", "continued", "lost"):
            length = round(100 * self.scale * self.share[name], 3)
            found.append((name, round(at, 3), length))
            at += length
        return found

    @property
    def share(self) -> dict[str, float]:
        """Each outcome's part of the journeys, 0..1."""
        return {
            name: getattr(self, name) / self.journeys for name in ("converted", "continued", "lost")
        }


@page(Permission.VIEW_REPORTS)
def paths(request: HttpRequest) -> HttpResponse:
    """Flows, top paths, loops, drop-off and exits of the range's journeys."""
    asked, how = filters.read(request), _asked(request)
    found = queries.observed_paths(by=asked.by, **asked.scope)
    if request.GET.get("format") == "csv":
        return _csv(request.GET.get("table", ""), found, how)
    best = top.top(found, limit=_SHOWN, repeats=how.repeats, converting=how.converting)
    ends, urls = steps.exits(found), _urls(asked)
    context = {
        **filters.context(asked),
        "how": how,
        "depths": DEPTHS,
        "best": best,
        "rows": _rows(best, ends, asked),
        "rest": max(best.distinct - len(best.rows), 0),
        "journeys": found.journeys,
        "conversions": found.total_conversions,
        "loops": [(row, urls.get(row.channel, "")) for row in top.loops(found, limit=_LOOPS)],
        "steps": _steps(steps.drop_off(found, depth=_STEPS)),
        "exits": _exits(ends[:_EXITS], urls),
        "more_exits": max(len(ends) - _EXITS, 0),
        "currency": request.tenant.currency,  # type: ignore[attr-defined]  # set by the middleware
        "log": queries.checkpoint(),
        "inputs": [(f"{found.journeys:,.0f} journeys", _journeys(asked))],
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


def _rows(
    best: top.TopPaths, ends: Sequence[steps.Exit], asked: filters.Filters
) -> tuple[Row, ...]:
    journeys = {each.channel: each.journeys for each in ends}
    most = best.rows[0].conversions if best.rows else 0.0
    found = []
    for figures in best.rows:
        rarest = min(figures.path, key=lambda label: (journeys[label], label))
        found.append(
            Row(
                figures=figures,
                share=figures.conversions / best.conversions if best.conversions else 0.0,
                scale=figures.conversions / most if most else 0.0,
                through=rarest,
                url=_journeys(asked, channel=rarest) if asked.by is By.CHANNEL else "",
            )
        )
    return tuple(found)


def _urls(asked: filters.Filters) -> dict[str, str]:
    """The page of each channel; campaigns and sources have none."""
    if asked.by is not By.CHANNEL:
        return {}
    days = asked.days.query
    return {
        label: f"{reverse('channel', args=[key])}?{days}" for label, key in reads.keys().items()
    }


def _steps(rows: Sequence[steps.Step]) -> list[Outcome]:
    return [
        Outcome(
            label=f"{row.number}",
            url="",
            journeys=row.reached,
            converted=row.converted,
            lost=row.lost,
            continued=row.continued,
            scale=row.reached / rows[0].reached,
        )
        for row in rows
    ]


def _exits(rows: Sequence[steps.Exit], urls: Mapping[str, str]) -> list[Outcome]:
    return [
        Outcome(
            label=row.channel,
            url=urls.get(row.channel, ""),
            journeys=row.journeys,
            converted=row.converted,
            lost=row.lost,
            continued=row.continued,
            scale=row.journeys / rows[0].journeys,
        )
        for row in rows
    ]


def _journeys(asked: filters.Filters, **more: str) -> str:
    days = {"start": asked.days.start.isoformat(), "end": asked.days.end.isoformat()}
    kind = {} if asked.conversion_type == EVERY else {"type": asked.conversion_type}
    return f"{reverse('journeys')}?{urlencode({**days, **kind, **more})}"


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
        "chart": sankey.spec(title=title, placed=placed, ends=ENDS, height=420),
        "chart_title": title,
        "summary": summary,
    }


def _csv(name: str, found: Paths, how: Asked) -> HttpResponse:
    """One of the page's tables; the paths when ``name`` is none of them."""
    if name == "steps":
        header = ["number", "reached", "converted", "lost", "continued"]
        rows: Sequence[Any] = steps.drop_off(found, depth=_EXPORTED)
    elif name == "exits":
        header = ["channel", "journeys", "converted", "lost", "continued"]
        rows = steps.exits(found)
    elif name == "loops":
        header = [
            "channel", "journeys", "conversions", "share", "rate", "rate_without", "through"
        ]  # fmt: skip
        rows = top.loops(found, limit=_EXPORTED)
    else:
        return _paths_csv(found, how)
    lines = [[getattr(row, column) for column in header] for row in rows]
    return csv_response(f"paths-{name}.csv", header, lines)


def _paths_csv(found: Paths, how: Asked) -> HttpResponse:
    best = top.top(found, limit=_EXPORTED, repeats=how.repeats, converting=how.converting)
    lines = [
        [" > ".join(row.path), row.journeys, row.conversions, row.rate, row.value]
        for row in best.rows
    ]
    return csv_response("paths.csv", ["path", "journeys", "conversions", "rate", "value"], lines)
