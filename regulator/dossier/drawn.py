"""Charts of a dossier as Vega-Lite specs for paper. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from charts.encodings import Spec, frame, quantity
from regulator.dossier.figures import Comparison
from regulator.dossier.said import Held

SEEN, EXPECTED, STRETCH = "#4f46e5", "#6b7280", "#f3d9a4"
_MOST = 12
PAPER: Spec = {
    "config": {
        "axis": {"titleFontWeight": "normal", "labelFontSize": 9, "titleFontSize": 9},
        "legend": {"labelFontSize": 9},
        "view": {"stroke": None},
    }
}


def against_expected(
    comparison: Comparison, *, since: datetime, until: datetime, unit: str, scale: int
) -> Spec:
    """Seen as a line, expected as a dashed one, the stretch shaded."""
    values = [
        {"at": _text(each.start), "name": name, "value": value / scale}
        for each in comparison.spans
        for name, value in (("seen", each.seen), ("expected", each.expected))
        if value is not None
    ]
    moments = [each.start for each in comparison.spans]
    band = {"from": _text(max(since, moments[0])), "to": _text(min(until, _end(moments)))}
    time: Spec = {
        "field": "at", "type": "temporal", "title": None, "scale": {"type": "utc"},
        "axis": {"format": _format(moments), "tickCount": 5, "labelOverlap": True},
    }  # fmt: skip
    color = {
        "field": "name", "type": "nominal", "legend": {"orient": "top", "title": None},
        "scale": {"domain": ["seen", "expected"], "range": [SEEN, EXPECTED]},
    }  # fmt: skip
    dash = {
        "field": "name", "type": "nominal", "legend": None,
        "scale": {"domain": ["seen", "expected"], "range": [[1, 0], [4, 3]]},
    }  # fmt: skip
    shade: Spec = {
        "data": {"values": [band]},
        "mark": {"type": "rect", "color": STRETCH, "opacity": 0.6},
        "encoding": {"x": {**time, "field": "from"}, "x2": {"field": "to"}},
    }
    line: Spec = {
        "mark": {"type": "line", "strokeWidth": 1.6},
        "encoding": {
            "x": time, "y": quantity("value", unit), "color": color, "strokeDash": dash,
        },
    }  # fmt: skip
    return frame(comparison.metric, values, {"layer": [shade, line], **PAPER}, 150)


def against_feed(held: Sequence[Held], *, unit: str, scale: int) -> Spec:
    """Declared GGR beside the feed's, period by period, the newest dozen."""
    values: list[dict[str, Any]] = []
    for each in held[-_MOST:]:
        values.append({"label": each.period, "name": "declared", "value": each.declared / scale})
        if each.fed is not None:
            values.append({"label": each.period, "name": "feed", "value": each.fed / scale})
    inner: Spec = {
        "mark": {"type": "bar"},
        "encoding": {
            "x": {"field": "label", "type": "nominal", "sort": None, "title": None,
                  "axis": {"labelAngle": -30}},
            "xOffset": {"field": "name", "type": "nominal", "sort": ["declared", "feed"]},
            "y": quantity("value", unit),
            "color": {
                "field": "name", "type": "nominal", "legend": {"orient": "top", "title": None},
                "scale": {"domain": ["declared", "feed"], "range": ["#dd7a1a", SEEN]},
            },
        },
    }  # fmt: skip
    return frame("declared GGR and the feed's", values, {**inner, **PAPER}, 150)


def _text(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _end(moments: Sequence[datetime]) -> datetime:
    step = moments[1] - moments[0] if len(moments) > 1 else moments[0] - moments[0]
    return moments[-1] + step


def _format(moments: Sequence[datetime]) -> str:
    days = (moments[-1] - moments[0]).days
    return "%-d %b %H:%M" if days <= 4 else "%-d %b"
