"""Data and intent in, a Vega-Lite spec out: pure functions, no Django, no colours but by rank.

The spec carries its data and no theme. The browser gives it the page's colours and width
(static/portal/charts.js); mail and paper give it theirs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from charts.encodings import PLAIN, Spec, bounds, color, frame, names, quantity, tooltip

BOUNDED = "isValid(datum.low) && isValid(datum.high)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A value of a day's series."""

    day: date
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A bar or point of one group; the bounds are drawn as an interval where both are known.

    ``undecided`` says that the interval does not tell this one from others: it is drawn hollow.
    """

    label: str
    value: float
    group: str = ""
    low: float | None = None
    high: float | None = None
    undecided: bool = False


def lines(
    *,
    title: str,
    series: dict[str, Sequence[Point]],
    unit: str = "",
    height: int = 220,
    unfinished: date | None = None,
) -> Spec:
    """One line per name over days; a single series is filled below and needs no legend.

    Straight from day to day: between two days nothing was measured that a curve could show. From
    the day ``unfinished`` on the line is dashed and its points hollow, because the day is not over.
    """
    values = [row for name, points in series.items() for row in _days(name, points, unfinished)]
    alone = len(series) == 1
    encoding: Spec = {
        "x": {
            "field": "day",
            "type": "temporal",
            "timeUnit": "utcyearmonthdate",
            "title": None,
            "axis": {"format": "%-d %b", "labelFlush": False, "tickCount": {"interval": "week"}},
        },
        "y": quantity("value", unit),
    }
    if not alone:
        encoding["color"] = color("series", list(series))
    hover = [
        {"field": "day", "type": "temporal", "timeUnit": "utcyearmonthdate", "title": "Day"},
        {"field": "value", "type": "quantitative", "title": title, "format": PLAIN},
        {"field": "state", "type": "nominal", "title": "Day is"},
    ]
    layers: list[Spec] = [_whole_days(alone), *_partial_days(values)]
    layers.append(
        {
            "mark": {"type": "point", "opacity": 0, "size": 160},
            "encoding": {"tooltip": hover if alone else [_SERIES, *hover]},
        }
    )
    plain = [
        {"day": row["day"], **({} if alone else {"series": row["series"]}), "value": row["value"]}
        for row in values
    ]
    inner = {"encoding": encoding, "layer": layers, "usermeta": {"rows": plain}}
    return frame(title, values, inner, height)


_SERIES = {"field": "series", "type": "nominal", "title": "Name"}


def _days(name: str, points: Sequence[Point], unfinished: date | None) -> list[Spec]:
    """The rows of one series; ``dashed`` marks those that the dashed end connects."""
    last = len(points) - 1
    rows = []
    for place, point in enumerate(points):
        open_day = unfinished is not None and point.day >= unfinished
        follows = place < last and unfinished is not None and points[place + 1].day >= unfinished
        rows.append(
            {
                "day": point.day.isoformat(),
                "value": point.value,
                "series": name,
                "state": "not over" if open_day else "over",
                "dashed": open_day or follows,
            }
        )
    return rows


def _whole_days(alone: bool) -> Spec:
    area: Spec = {"type": "area", "line": True, "fillOpacity": 0.12}
    mark: Spec = area if alone else {"type": "line"}
    return {"transform": [{"filter": "datum.state == 'over'"}], "mark": mark}


def _partial_days(values: Sequence[Spec]) -> list[Spec]:
    if not any(row["state"] == "not over" for row in values):
        return []
    return [
        {
            "transform": [{"filter": "datum.dashed"}],
            "mark": {"type": "line", "strokeDash": [4, 4]},
        },
        {
            "transform": [{"filter": "datum.state == 'not over'"}],
            "mark": {"type": "point", "style": "hollow", "size": 50, "strokeWidth": 2},
        },
    ]


def bars(*, title: str, rows: Sequence[Bar], unit: str = "", row_height: int = 28) -> Spec:
    """Horizontal bars in the given order, with intervals where the rows have bounds."""
    order = [row.label for row in rows]
    layers: list[Spec] = [
        {
            "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.6}},
            "encoding": {"x": quantity("value", unit), "tooltip": _hover(rows, title)},
        }
    ]
    if _bounded(rows):
        layers.append(_interval("x"))
    shared = {"encoding": {"y": names(order)}, "layer": layers}
    return frame(title, [_row(row) for row in rows], shared, max(80, row_height * len(order)))


def points(
    *,
    title: str,
    rows: Sequence[Bar],
    unit: str = "",
    row_height: int = 28,
    baseline: float | None = None,
) -> Spec:
    """A point per row on its interval: for comparing estimates, whose bars would all start at zero.

    Rows that are ``undecided`` are hollow and grey. For differences, ``baseline`` (0, or 1 for
    ratios) is drawn as a line: an interval across it says that there may be none.
    """
    order = list(dict.fromkeys(row.label for row in rows))
    hover = _hover(rows, title)
    scaled = quantity("value", unit) | {"scale": {"zero": False, "nice": True}}
    layers: list[Spec] = [
        {
            **_interval("x"),
            "mark": {"type": "rule", "strokeWidth": 2, "style": "quiet", "opacity": 0.7},
        },
        {
            "transform": [{"filter": "!datum.undecided"}],
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": scaled, "tooltip": hover},
        },
        {
            "transform": [{"filter": "datum.undecided"}],
            "mark": {"type": "point", "style": "undecided", "size": 70, "strokeWidth": 2},
            "encoding": {"x": scaled, "tooltip": hover},
        },
    ]
    if baseline is not None:
        layers.insert(0, _baseline(baseline))
    position = names(order) | {"axis": {"grid": True}}
    shared = {"encoding": {"y": position}, "layer": layers}
    return frame(title, [_row(row) for row in rows], shared, max(80, row_height * len(order)))


def grouped_bars(
    *,
    title: str,
    rows: Sequence[Bar],
    groups: Sequence[str],
    unit: str = "",
    height: int = 280,
    of: str = "Model",
) -> Spec:
    """Vertical bars side by side: one place per label, one colour per group, with intervals.

    ``of`` is what a group is, in a word.
    """
    order = list(dict.fromkeys(row.label for row in rows))
    position = {
        **names(order),
        "axis": {"labelAngle": 0, "labelLimit": 96, "labelOverlap": False},
    }
    offset = {"field": "group", "type": "nominal", "sort": list(groups)}
    hover = [{"field": "group", "title": of}, *_hover(rows, title)]
    bar: Spec = {
        "mark": {"type": "bar", "cornerRadiusEnd": 2},
        "encoding": {
            "y": quantity("value", unit),
            "color": color("group", list(groups)),
            "tooltip": hover,
        },
    }
    layers = [bar, _interval("y")] if _bounded(rows) else [bar]
    shared = {"encoding": {"x": position, "xOffset": offset}, "layer": layers}
    return frame(title, [_row(row) for row in rows], shared, height)


def _baseline(at: float) -> Spec:
    return {
        "data": {"values": [{"at": at}]},
        "mark": {"type": "rule", "strokeDash": [4, 4], "style": "quiet"},
        "encoding": {"x": {"field": "at", "type": "quantitative"}, "y": None},
    }


def _bounded(rows: Sequence[Bar]) -> bool:
    return any(row.low is not None and row.high is not None for row in rows)


def _hover(rows: Sequence[Bar], title: str) -> list[Spec]:
    return tooltip("value", title) + (bounds() if _bounded(rows) else [])


def _interval(axis: str) -> Spec:
    return {
        "transform": [{"filter": BOUNDED}],
        "mark": {"type": "rule", "strokeWidth": 1.5},
        "encoding": {
            axis: {"field": "low", "type": "quantitative"},
            f"{axis}2": {"field": "high"},
        },
    }


def _row(row: Bar) -> Spec:
    found: Spec = {"label": row.label, "value": row.value}
    if row.group:
        found["group"] = row.group
    if row.low is not None and row.high is not None:
        found |= {"low": row.low, "high": row.high}
    if row.undecided:
        found["undecided"] = True
    return found
