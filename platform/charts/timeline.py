"""What came when, with what was wrong meanwhile drawn over it: a pure function to a Vega-Lite spec.

One colour scale for all: what the bars are of comes first, so that a name keeps its colour whether
or not anything was wrong.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from charts.encodings import PLAIN, Spec, color, frame, quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """A bar from ``start`` to ``end``, of one group."""

    start: datetime
    end: datetime
    value: float
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time that is shaded from top to bottom; ``text`` says what it is."""

    start: datetime
    end: datetime
    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something that happened at a time: a mark on the upper edge; ``text`` says what."""

    at: datetime
    kind: str
    text: str


def timeline(
    *,
    title: str,
    bins: Sequence[Bin],
    stretches: Sequence[Stretch] = (),
    marks: Sequence[Mark] = (),
    unit: str = "",
    height: int = 240,
) -> Spec:
    """Bars over time (UTC), groups stacked; shaded stretches behind and marks on top of them."""
    groups = list(dict.fromkeys(each.group for each in bins))
    kinds = kinds_of(stretches, marks)
    values = _stacked(bins)
    layers = [_bars(title, unit, len(groups) > 1)]
    if stretches:
        layers.insert(0, _stretches(stretches))
    if marks:
        layers += _marks(marks)
    shade = color("kind", [*groups, *kinds])
    if len(groups) + len(kinds) == 1:
        shade["legend"] = None
    inner = {
        "encoding": {"color": shade},
        "layer": layers,
        "usermeta": {
            "rows": [
                {"from": row["start"], "to": row["end"], "what": row["kind"], "value": row["value"]}
                for row in values
            ]
        },
    }
    return frame(title, values, inner, height)


def _stacked(bins: Sequence[Bin]) -> list[Spec]:
    """A row a bar with its lower and upper edge: those of one time stand on each other.

    What is below zero hangs below it. (Bars with a beginning and an end are not stacked by Vega.)
    """
    tops: dict[tuple[datetime, bool], float] = {}
    rows = []
    for each in bins:
        place = (each.start, each.value < 0)
        base = tops.get(place, 0.0)
        tops[place] = base + each.value
        rows.append(
            {
                "start": _moment(each.start), "end": _moment(each.end), "value": each.value,
                "base": base, "top": tops[place], "kind": each.group,
            }
        )  # fmt: skip
    return rows


def kinds_of(stretches: Sequence[Stretch], marks: Sequence[Mark]) -> list[str]:
    """What is drawn over the bars, by name."""
    return sorted({each.kind for each in stretches} | {each.kind for each in marks})


def _bars(title: str, unit: str, grouped: bool) -> Spec:
    hover = [
        {"field": "start", "type": "temporal", "title": "From (UTC)", "format": "%-d %b %Y, %H:%M",
         "formatType": "utc"},
        {"field": "value", "type": "quantitative", "title": title, "format": PLAIN},
    ]  # fmt: skip
    if grouped:
        hover.insert(0, {"field": "kind", "type": "nominal", "title": "Game"})
    return {
        "mark": {"type": "bar"},
        "encoding": {
            "x": _time("start"),
            "x2": {"field": "end"},
            "y": quantity("top", unit) | {"scale": {"zero": True}},
            "y2": {"field": "base"},
            "tooltip": hover,
        },
    }


def _stretches(stretches: Sequence[Stretch]) -> Spec:
    values = [
        {"start": _moment(each.start), "end": _moment(each.end), "kind": each.kind,
         "text": each.text}
        for each in stretches
    ]  # fmt: skip
    return {
        "data": {"values": values},
        "mark": {"type": "rect", "opacity": 0.28, "tooltip": True},
        "encoding": {
            "x": _time("start"),
            "x2": {"field": "end"},
            "tooltip": _said(),
        },
    }


def _marks(marks: Sequence[Mark]) -> list[Spec]:
    """A layer a kind, each a line of its own: what happened at one time stays apart."""
    return [
        {
            "data": {
                "values": [
                    {"start": _moment(each.at), "kind": each.kind, "text": each.text}
                    for each in marks
                    if each.kind == kind
                ]
            },
            "mark": {
                "type": "point", "shape": "triangle-down", "filled": True, "size": 90, "opacity": 1,
            },
            "encoding": {
                "x": _time("start"), "y": {"value": 6 + 13 * place}, "tooltip": _said(),
            },
        }
        for place, kind in enumerate(kinds_of((), marks))
    ]  # fmt: skip


def _said() -> list[Spec]:
    return [
        {"field": "kind", "type": "nominal", "title": "What"},
        {"field": "text", "type": "nominal", "title": "Detail"},
    ]


def _time(field: str) -> Spec:
    return {
        "field": field,
        "type": "temporal",
        "scale": {"type": "utc"},
        "title": None,
        "axis": {"format": "%-d %b", "labelFlush": False, "tickCount": 8, "labelOverlap": True},
    }


def _moment(at: datetime) -> str:
    return at.isoformat()
