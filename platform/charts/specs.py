"""Data and intent in, a Vega-Lite spec out: pure functions, no Django, no colours but by rank.

The spec carries its data and no theme. The browser gives it the page's colours and width
(static/portal/charts.js); mail and paper give it theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
COMPACT = "~s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value of a day's series."""

    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar of one group; the bounds are drawn as an interval where both are known."""

    label: str
    value: float
    group: str = ""
    low: float | None = None
    high: float | None = None


def lines(
    *, title: str, series: dict[str, Sequence[Point]], unit: str = "", height: int = 220
) -> Spec:
    """One line per name over days; a single series is filled below and needs no legend."""
    values = [
        {"day": point.day.isoformat(), "value": point.value, "series": name}
        for name, points in series.items()
        for point in points
    ]
    alone = len(series) == 1
    encoding: Spec = {
        "x": {
            "field": "day",
            "type": "temporal",
            "timeUnit": "utcyearmonthdate",
            "title": None,
            "axis": {"format": "%-d %b", "labelFlush": False, "tickCount": {"interval": "week"}},
        },
        "y": _quantity("value", unit),
        "tooltip": [
            {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": "Day"},
            {"field": "value", "type": "quantitative", "title": title, "format": ",.2~f"},
        ],
    }
    if not alone:
        encoding["color"] = _color("series", list(series))
    mark: Spec = (
        {"type": "area", "line": True, "fillOpacity": 0.12, "interpolate": "monotone"}
        if alone
        else {"type": "line", "interpolate": "monotone"}
    )
    return _spec(title, values, {"mark": mark, "encoding": encoding}, height)


def bars(*, title: str, rows: Sequence[Bar], unit: str = "", row_height: int = 28) -> Spec:
    """Horizontal bars in the given order, with intervals where the rows have bounds."""
    order = [row.label for row in rows]
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.6}},
            "encoding": {"x": _quantity("value", unit), "tooltip": _tooltip("value", title)},
        }
    ]
    if any(row.low is not None and row.high is not None for row in rows):
        layers.append(
            {
                "transform": [{"filter": "isValid(datum.low) && isValid(datum.high)"}],
                "mark": {"type": "rule", "strokeWidth": 1.5},
                "encoding": {
                    "x": {"field": "low", "type": "quantitative"},
                    "x2": {"field": "high"},
                },
            }
        )
    shared = {"encoding": {"y": _names(order)}, "layer": layers}
    return _spec(title, [_row(row) for row in rows], shared, max(80, row_height * len(order)))


def grouped_bars(
    *, title: str, rows: Sequence[Bar], groups: Sequence[str], unit: str = "", height: int = 280
) -> Spec:
    """Vertical bars side by side: one place per label, one colour per group."""
    order = list(dict.fromkeys(row.label for row in rows))
    encoding = {
        "x": {
            "field": "label",
            "type": "nominal",
            "sort": order,
            "title": None,
            "axis": {"labelAngle": 0, "labelLimit": 96, "labelOverlap": False},
        },
        "xOffset": {"field": "group", "type": "nominal", "sort": list(groups)},
        "y": _quantity("value", unit),
        "color": _color("group", list(groups)),
        "tooltip": [{"field": "group", "title": "Model"}, *_tooltip("value", title)],
    }
    mark = {"type": "bar", "cornerRadiusEnd": 2}
    unit_spec = {"mark": mark, "encoding": encoding}
    return _spec(title, [_row(row) for row in rows], unit_spec, height)


def _spec(title: str, values: list[Spec], inner: Spec, height: int) -> Spec:
    return {
        "$schema": SCHEMA,
        "description": title,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": values},
        **inner,
    }


def _row(row: Bar) -> Spec:
    found: Spec = {"label": row.label, "value": row.value}
    if row.group:
        found["group"] = row.group
    if row.low is not None and row.high is not None:
        found |= {"low": row.low, "high": row.high}
    return found


def _quantity(field: str, unit: str) -> Spec:
    axis = {"format": COMPACT, "tickCount": 4, "title": unit or None}
    return {"field": field, "type": "quantitative", "axis": axis}


def _names(order: list[str]) -> Spec:
    return {"field": "label", "type": "nominal", "sort": order, "title": None}


def _color(field: str, order: list[str]) -> Spec:
    return {
        "field": field,
        "type": "nominal",
        "sort": order,
        "scale": {"domain": order},
        "legend": {"orient": "top", "title": None},
    }


def _tooltip(field: str, title: str) -> list[Spec]:
    return [
        {"field": "label", "type": "nominal", "title": "Name"},
        {"field": field, "type": "quantitative", "title": title, "format": ",.2~f"},
    ]
