"""What was seen against what was expected over time, with the stretches that stand out marked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from charts.encodings import PLAIN, Spec, color, frame, quantity

_DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """A value of a series at a time; ``None`` where there is none."""

    at: datetime
    value: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A part of time to mark, and what it is called."""

    start: datetime
    end: datetime
    label: str


def marked(
    *, title: str, series: Mapping[str, Sequence[Moment]], stretches: Sequence[Stretch] = (),
    unit: str = "", height: int = 240,
) -> Spec:  # fmt: skip
    """A line per name; the first one is what was seen, the others are dashed.

    Stretches lie behind the lines as bands, with their names under the pointer; a stretch narrower
    than a hundredth of the span is drawn that wide, so that it can be seen.
    """
    names = list(series)
    values = [
        {"at": each.at.isoformat(), "value": each.value, "series": name}
        for name, of in series.items()
        for each in of
    ]
    every = [each.at for of in series.values() for each in of]
    x = {"field": "at", "type": "temporal", "scale": {"type": "utc"}, "title": None,
         "axis": {"format": _format(every), "tickCount": 8, "labelFlush": False}}  # fmt: skip
    line: Spec = {
        "mark": {"type": "line", "strokeWidth": 2},
        "encoding": {
            "x": x,
            "y": quantity("value", unit),
            **(_apart(names) if len(names) > 1 else {}),
        },
    }
    inner = {
        "layer": [*_bands(stretches, every), line, _reader(x, unit, title)],
        "usermeta": {"rows": _table(series)},
    }
    return frame(title, values, inner, height)


def _apart(names: Sequence[str]) -> Spec:
    """What tells several lines from each other."""
    seen = {"test": f"datum.series === {names[0]!r}", "value": [1, 0]}
    return {
        "color": color("series", names),
        "strokeDash": {"condition": seen, "value": [4, 4]},
    }


def _format(every: Sequence[datetime]) -> str:
    span = (max(every) - min(every)).total_seconds() if every else 0
    return "%-d %b, %H:%M" if span < 2 * _DAY_SECONDS else "%-d %b"


def _bands(stretches: Sequence[Stretch], every: Sequence[datetime]) -> list[Spec]:
    if not stretches or not every:
        return []
    low, high = min(every), max(every)
    least = (high - low) / 100
    rows = []
    for each in stretches:
        start, end = max(each.start, low), min(max(each.end, each.start + least), high)
        if start < end:
            rows.append(
                {"start": start.isoformat(), "end": end.isoformat(), "label": each.label}
            )  # fmt: skip
    time = {"type": "temporal", "scale": {"type": "utc"}}
    return [
        {
            "data": {"values": rows},
            "mark": {"type": "rect", "opacity": 0.18, "style": "stretch"},
            "encoding": {
                "x": {"field": "start", **time, "title": None},
                "x2": {"field": "end"},
                "tooltip": [{"field": "label", "type": "nominal", "title": "Marked"}],
            },
        }
    ]


def _reader(x: Spec, unit: str, title: str) -> Spec:
    return {
        "mark": {"type": "point", "opacity": 0, "size": 160},
        "encoding": {
            "x": x,
            "y": quantity("value", unit),
            "tooltip": [
                {"field": "series", "type": "nominal", "title": "What"},
                {"field": "at", "type": "temporal", "title": "When (UTC)",
                 "timeUnit": "utcyearmonthdatehoursminutes"},
                {"field": "value", "type": "quantitative", "title": title, "format": PLAIN},
            ],
        },
    }  # fmt: skip


def _table(series: Mapping[str, Sequence[Moment]]) -> list[Spec]:
    rows: dict[str, Spec] = {}
    for name, of in series.items():
        for each in of:
            rows.setdefault(each.at.isoformat(), {"at": each.at.isoformat()})[name] = each.value
    return list(rows.values())
