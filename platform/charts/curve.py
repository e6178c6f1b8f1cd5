"""A response curve: what an outcome is expected to be at a level of spend, and where one stands."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise

from charts.encodings import PLAIN, Spec, frame, quantity

SIGNAL = "chosen"


@dataclass(frozen=True, slots=True, kw_only=True)
class At:
    """The expected outcome ``y`` at ``x``, and its interval."""

    x: float
    y: float
    low: float
    high: float


def response(
    *,
    title: str,
    points: Sequence[At],
    current: float,
    x_unit: str,
    y_unit: str = "",
    height: int = 260,
) -> Spec:
    """The curve with its band, a line where one stands today, and one a slider moves.

    ``points`` are in order of ``x``, at least two. The moving line follows the signal ``SIGNAL``;
    ``usermeta.curve`` is what the page reads values between the points from.
    """
    if len(points) < 2 or any(a.x >= b.x for a, b in pairwise(points)):
        raise ValueError("a curve has two points at least, in order of x")
    rows = [asdict(point) for point in points]
    hover = [
        {"field": "x", "type": "quantitative", "title": x_unit, "format": PLAIN},
        {"field": "y", "type": "quantitative", "title": title, "format": PLAIN},
    ]
    x = quantity("x", x_unit)
    band = {
        "mark": {"type": "area", "line": False, "opacity": 0.16},
        "encoding": {"x": x, "y": quantity("low", y_unit), "y2": {"field": "high"}},
    }
    line: Spec = {
        "mark": {"type": "line"},
        "encoding": {"x": x, "y": {"field": "y", "type": "quantitative"}},
    }
    reader = {
        "mark": {"type": "point", "opacity": 0, "size": 160},
        "encoding": {**line["encoding"], "tooltip": hover},
    }
    inner = {
        "params": [{"name": SIGNAL, "value": current}],
        "layer": [band, line, reader, _today(current), _chosen()],
        "usermeta": {"curve": rows, "rows": rows},
    }
    return frame(title, rows, inner, height)


def _today(current: float) -> Spec:
    return {
        "data": {"values": [{"x": current, "text": "today"}]},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
        "layer": [
            {"mark": {"type": "rule", "strokeDash": [4, 4], "style": "quiet"}},
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "dy": 6, "style": "quiet-text"},
                "encoding": {"y": {"value": 0}, "text": {"field": "text"}},
            },
        ],
    }


def _chosen() -> Spec:
    return {
        "data": {"values": [{}]},
        "transform": [{"calculate": SIGNAL, "as": "x"}],
        "mark": {"type": "rule", "strokeWidth": 2},
        "encoding": {"x": {"field": "x", "type": "quantitative"}},
    }
