"""Budgets: move a channel's daily spend and see what is expected, with its interval."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from attribution import queries, queries_money
from attribution.contracts import MODEL_LABELS, By
from attribution.pages import filters
from attribution.projection.response import kept
from attribution.response.curve import REPLICATES, Curve, interval
from attribution.response.plan import BOUNDS, Line
from attribution.response.report import Budget
from charts import curve as charts
from kernel import clock
from kernel.errors import InvalidInput
from portal.pages import page, render_page
from portal.tables import csv_response
from tenants.contracts import Permission

GOALS = {"conversions": "Conversions", "value": "Revenue"}
_POINTS = 33
_REACH = 2.0
_DAYS = "90d"
_FIGURES = ("before", "conversions", "revenue", "next_cost")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a plan was asked for; ``budgets`` by channel id, ``best`` as a suggestion."""

    budgets: Mapping[int, float]
    fixed: bool
    best: bool
    goal: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A channel's curve, its slider and what it is expected to bring."""

    key: int
    line: Line
    curve: Curve
    chart: dict[str, Any]
    summary: str
    high: float
    step: float

    @property
    def digits(self) -> int:
        """Decimals the slider's amount is shown with: cents only where they matter."""
        return 2 if self.high < 100 else 0


@page(Permission.VIEW_REPORTS)
def budget(request: HttpRequest) -> HttpResponse:
    """Curves, sliders and the plan they make; without scripts the form's button does the same."""
    read = _whole_days(filters.read(request, by=By.CHANNEL, preset=_DAYS))
    asked = _asked(request)
    found = _found(read, asked)
    if request.GET.get("format") == "csv":
        return _csv(found)
    panels: list[Panel] = [
        _panel(key, each, line, found.currency)
        for (key, each), line in zip(found.curves.items(), found.outcome.lines, strict=True)
    ]
    goal = found.outcome.revenue_change if asked.goal == "value" else found.outcome.change
    context = {
        **filters.context(read),
        "asked": asked,
        "goals": GOALS.items(),
        "found": found,
        "outcome": found.outcome,
        "panels": panels,
        "untold": found.untold.values(),
        "currency": found.currency,
        "goal_change": goal,
        "goal_decided": goal.low > 0 or goal.high < 0,
        "moved": any(abs(line.spend - line.today) > 0.005 for line in found.outcome.lines),
        "replicates": REPLICATES,
        "daily_label": MODEL_LABELS[kept(read.model)],
        "of_another": kept(read.model) is not read.model,
        "model_label": MODEL_LABELS[read.model],
        "bounds": BOUNDS,
        "api": _api(request, read, found, asked),
    }
    return render_page(request, "attribution/budget.html", context)


def _whole_days(read: filters.Filters) -> filters.Filters:
    """A day that is not over has only a part of its cost and of its conversions."""
    yesterday = clock.now().date() - timedelta(days=1)
    if read.days.end <= yesterday or read.days.start > yesterday:
        return read
    return replace(read, days=replace(read.days, end=yesterday))


def _asked(request: HttpRequest) -> Asked:
    query = request.GET
    goal = query.get("goal", "")
    budgets = {
        int(name.removeprefix("b-")): _amount(str(text))
        for name, text in query.items()
        if name.startswith("b-") and name[2:].isdecimal() and text
    }
    return Asked(
        budgets=budgets,
        fixed=query.get("fixed") == "1",
        best=query.get("plan") == "best",
        goal=goal if goal in GOALS else "conversions",
    )


def _amount(text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 <= amount <= 1e12:
        raise InvalidInput("A budget is a number of at least 0.", field="budget")
    return amount


def _found(read: filters.Filters, asked: Asked) -> Budget:
    labels = queries.labels(By.CHANNEL)
    question: dict[str, Any] = {
        "model": read.model,
        "budgets": {labels[key]: spend for key, spend in asked.budgets.items() if key in labels},
        "best": asked.best,
        "by_value": asked.goal == "value",
        **read.scope,
    }
    found = queries_money.budget(**question)
    if asked.fixed and not asked.best and found.curves:
        return queries_money.budget(**question, total=found.outcome.today)
    return found


def _panel(key: int, curve: Curve, line: Line, currency: str) -> Panel:
    high = max(_REACH * curve.today, line.spend)
    spends = sorted({*np.linspace(0, high, _POINTS).tolist(), curve.today})
    points = []
    for spend in spends:
        point, low, top = interval(curve.at(spend))
        points.append(charts.At(x=spend, y=point, low=low, high=top))
    more = f"{line.next_cost.point:,.2f} {currency}" if line.next_cost else "more than can be told"
    return Panel(
        key=key,
        line=line,
        curve=curve,
        chart=charts.response(
            title="Conversions a day",
            points=points,
            current=curve.today,
            x_unit=f"Spend a day, {currency}",
            height=200,
        ),
        summary=(
            f"{curve.label}: at {line.spend:,.0f} {currency} a day "
            f"{line.conversions.point:,.1f} conversions, between {line.conversions.low:,.1f} and "
            f"{line.conversions.high:,.1f}; one more costs {more}."
        ),
        high=round(high, 2),
        step=_step(high),
    )


def _step(high: float) -> float:
    """A round step of about a two-hundredth of the slider."""
    return float(10 ** math.floor(math.log10(max(high, 0.02) / 100)))


def _api(request: HttpRequest, read: filters.Filters, found: Budget, asked: Asked) -> str:
    pairs = [
        ("from", read.days.start.isoformat()),
        ("to", read.days.end.isoformat()),
        ("model", str(read.model)),
        *((name, word) for name, word in (("segment", read.segment),) if word != "all"),
        *(("conversion_type", word) for word in (read.conversion_type,) if word != "all"),
        *([("plan", "best")] if asked.best else []),
        ("goal", asked.goal),
        *(
            ("budget", f"{line.label}:{line.spend:.2f}")
            for line in found.outcome.lines
            if not asked.best and abs(line.spend - line.today) > 0.005
        ),
    ]
    return request.build_absolute_uri(f"{reverse('api-budget')}?{urlencode(pairs)}")


def _csv(found: Budget) -> HttpResponse:
    header = ["channel", "today", "plan"]
    for name in _FIGURES:
        header += [name, f"{name}_low", f"{name}_high"]
    rows: list[list[object]] = []
    for line in found.outcome.lines:
        row: list[object] = [line.label, line.today, line.spend]
        for name in _FIGURES:
            each = getattr(line, name)
            row += [each.point, each.low, each.high] if each else [None] * 3
        rows.append([*row, ""])
    empty: list[object] = [None] * (3 * len(_FIGURES))
    rows += [[each.label, each.today, None, *empty, each.reason] for each in found.untold.values()]
    return csv_response("budget.csv", [*header, "cannot_tell"], rows)
