"""What was and what is expected: months as a line, the forecast dashed within its band."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from charts.encodings import PLAIN, Spec, bounds, color, frame, quantity
from charts.specs import Point

WAS, EXPECTED = "was", "expected"
_X: Spec = {
    "field": "day",
    "type": "temporal",
    "timeUnit": "utcyearmonth",
    "title": None,
    "axis": {"format": "%b %Y", "labelFlush": False, "tickCount": 8, "labelOverlap": True},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A month's forecast and its interval."""

    day: date
    value: float
    low: float
    high: float


def months(
    *,
    title: str,
    past: Sequence[Point],
    ahead: Sequence[Expected],
    unit: str = "",
    level: int = 80,
    height: int = 280,
) -> Spec:
    """A line of past months, joined by a dashed one to the months ahead, which lie in a band.

    The band begins at the last known month: nothing is unsure there.
    """
    rows = [
        {"day": each.day.isoformat(), "series": WAS, "value": each.value, "low": None, "high": None}
        for each in past
    ]
    coming = [
        {
            "day": each.day.isoformat(), "series": EXPECTED, "value": each.value,
            "low": each.low, "high": each.high,
        }
        for each in ahead
    ]  # fmt: skip
    last = rows[-1:] and [
        rows[-1] | {"series": EXPECTED, "low": rows[-1]["value"], "high": rows[-1]["value"]}
    ]
    y = quantity("value", unit)
    hover = [
        {"field": "day", "type": "temporal", "timeUnit": "utcyearmonth", "title": "Month"},
        {"field": "series", "type": "nominal", "title": "It"},
        {"field": "value", "type": "quantitative", "title": title, "format": PLAIN},
        *bounds(level),
    ]
    paint = color("series", (WAS, EXPECTED))
    layers: list[Spec] = [
        {
            "data": {"values": [*last, *coming]},
            "mark": {"type": "area", "line": False, "opacity": 0.18},
            "encoding": {"x": _X, "y": quantity("low", unit), "y2": {"field": "high"},
                         "color": paint},
        },
        {
            "mark": {"type": "line"},
            "encoding": {"x": _X, "y": y, "color": paint},
        },
        {
            "data": {"values": [*last, *coming]},
            "mark": {"type": "line", "strokeDash": [5, 4]},
            "encoding": {"x": _X, "y": y, "color": paint},
        },
        {
            "data": {"values": [*rows, *coming]},
            "mark": {"type": "point", "opacity": 0, "size": 160},
            "encoding": {"x": _X, "y": y, "tooltip": hover},
        },
    ]  # fmt: skip
    return frame(title, rows, {"layer": layers, "usermeta": {"rows": [*rows, *coming]}}, height)
