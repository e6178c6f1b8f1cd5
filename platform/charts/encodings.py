"""What all specs share: the frame around data and marks, and how values, names, groups are read."""

from collections.abc import Sequence
from typing import Any

Spec = dict[str, Any]
SCHEMA = "https://vega.github.io/schema/vega-lite/v6.json"
COMPACT = "~s"
PLAIN = ",.2~f"
ZERO = "datum.value === 0 ? '0' : datum.label"
"""All ticks share a prefix (0k, 1k, 2k); nothing has none."""


def frame(title: str, values: Sequence[Spec], inner: Spec, height: int) -> Spec:
    """A whole spec around ``inner``: as wide as its container, carrying its data and no theme."""
    return {
        "$schema": SCHEMA,
        "description": title,
        "width": "container",
        "height": height,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "data": {"values": list(values)},
        **inner,
    }


def quantity(field: str, unit: str) -> Spec:
    """A position by a number; its axis is titled with ``unit``."""
    axis = {"format": COMPACT, "labelExpr": ZERO, "tickCount": 4, "title": unit or None}
    return {"field": field, "type": "quantitative", "axis": axis}


def names(order: Sequence[str]) -> Spec:
    """A position by label, in the given order and not by alphabet."""
    return {"field": "label", "type": "nominal", "sort": list(order), "title": None}


def color(field: str, order: Sequence[str]) -> Spec:
    """A colour per name by its rank in ``order``, so that a name keeps its colour."""
    return {
        "field": field,
        "type": "nominal",
        "sort": list(order),
        "scale": {"domain": list(order)},
        "legend": {"orient": "top", "title": None},
    }


def tooltip(field: str, title: str) -> list[Spec]:
    """The name and the number under the pointer."""
    return [
        {"field": "label", "type": "nominal", "title": "Name"},
        {"field": field, "type": "quantitative", "title": title, "format": PLAIN},
    ]


def bounds(level: int = 95) -> list[Spec]:
    """The ends of an interval under the pointer."""
    return [
        {"field": "low", "type": "quantitative", "title": f"{level} % from", "format": PLAIN},
        {"field": "high", "type": "quantitative", "title": f"{level} % to", "format": PLAIN},
    ]
