"""Flows between columns of nodes as a Sankey diagram: a pure layout, and a Vega spec that draws it.

The layout follows the usual order of steps (Sankey 1898; the ordering by barycentres is Sugiyama,
Tagawa and Toda 1981): heights in proportion to flow, nodes of a column ordered by where their
flows come from, ribbons stacked along a node in the order of what they lead to.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from charts.encodings import PLAIN, Spec

SCHEMA = "https://vega.github.io/schema/vega/v6.json"
SWEEPS = 6
LEAST = 140
"""Pixels of width a column needs for its labels."""
Key = tuple[int, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """``value`` of something goes from ``source`` in a column to ``target`` in the next one."""

    column: int
    source: str
    target: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node's place: ``top``, ``height`` in 0..1 of the diagram; ``value`` is what it passes."""

    column: int
    label: str
    top: float
    height: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ribbon:
    """A flow's place: the upper edge at either end, and its thickness, in 0..1 of the diagram."""

    column: int
    source: str
    target: str
    value: float
    start: float
    end: float
    thickness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """All nodes and ribbons, and how many columns they span."""

    columns: int
    nodes: tuple[Node, ...]
    ribbons: tuple[Ribbon, ...]


def layout(flows: Sequence[Flow], *, gap: float = 0.03) -> Layout:
    """Place ``flows``; those of equal ends are one ribbon. ``gap`` is the space between nodes.

    The order of ``flows`` does not matter. Raises ``ValueError`` for a negative flow or no flow.
    """
    amounts = _merged(flows)
    values = _values(amounts)
    columns = 1 + max(column for column, _ in values)
    order = _ordered(amounts, values, columns)
    crowd = max(len(keys) for keys in order.values())
    gap = min(gap, 0.5 / crowd)
    busiest = max(sum(values[key] for key in keys) for keys in order.values())
    scale = (1 - gap * (crowd - 1)) / busiest
    tops = _tops(order, values, scale, gap)
    nodes = tuple(
        Node(column=key[0], label=key[1], top=tops[key], height=values[key] * scale, value=value)
        for key, value in sorted(values.items())
    )
    return Layout(columns=columns, nodes=nodes, ribbons=_ribbons(amounts, tops, scale))


def _merged(flows: Sequence[Flow]) -> dict[tuple[Key, Key], float]:
    merged: dict[tuple[Key, Key], float] = defaultdict(float)
    for flow in flows:
        if flow.value < 0:
            raise ValueError("a flow is not negative")
        if flow.value:
            merged[(flow.column, flow.source), (flow.column + 1, flow.target)] += flow.value
    if not merged:
        raise ValueError("there is no flow to draw")
    return dict(sorted(merged.items()))


def _values(amounts: Mapping[tuple[Key, Key], float]) -> dict[Key, float]:
    """What a node passes on or takes in, whichever is more: some journeys begin or end there."""
    leaving: dict[Key, float] = defaultdict(float)
    coming: dict[Key, float] = defaultdict(float)
    for (source, target), value in amounts.items():
        leaving[source] += value
        coming[target] += value
    return {key: max(leaving[key], coming[key]) for key in {**leaving, **coming}}


def _ordered(
    amounts: Mapping[tuple[Key, Key], float], values: Mapping[Key, float], columns: int
) -> dict[int, list[Key]]:
    """The nodes of each column from top to bottom: largest first, then pulled to their partners."""
    order = {
        column: sorted((key for key in values if key[0] == column), key=lambda k: (-values[k], k))
        for column in range(columns)
    }
    partners: dict[Key, list[tuple[Key, float]]] = defaultdict(list)
    for (source, target), value in amounts.items():
        partners[source].append((target, value))
        partners[target].append((source, value))
    for sweep in range(SWEEPS):
        forward = sweep % 2 == 0
        rank = {key: place / len(keys) for keys in order.values() for place, key in enumerate(keys)}
        for column in range(columns) if forward else reversed(range(columns)):
            side = -1 if forward else 1
            pulled = {k: _pull(k, side, partners[k], rank) for k in order[column]}
            order[column].sort(key=lambda key: (pulled[key], key))
            keys = order[column]
            rank |= {key: place / len(keys) for place, key in enumerate(keys)}
    return order


def _pull(
    key: Key, side: int, partners: Sequence[tuple[Key, float]], rank: Mapping[Key, float]
) -> float:
    """The mean rank of what ``key`` is joined to on one side, weighted by flow; else its own."""
    near = [(rank[other], value) for other, value in partners if other[0] == key[0] + side]
    total = sum(value for _, value in near)
    return sum(place * value for place, value in near) / total if total else rank[key]


def _tops(
    order: Mapping[int, Sequence[Key]], values: Mapping[Key, float], scale: float, gap: float
) -> dict[Key, float]:
    tops: dict[Key, float] = {}
    for keys in order.values():
        filled = sum(values[key] for key in keys) * scale + gap * (len(keys) - 1)
        at = (1 - filled) / 2
        for key in keys:
            tops[key] = at
            at += values[key] * scale + gap
    return tops


def _ribbons(
    amounts: Mapping[tuple[Key, Key], float], tops: Mapping[Key, float], scale: float
) -> tuple[Ribbon, ...]:
    """Ribbons leave a node in the order of their targets, arrive in that of their sources."""
    starts, ends = dict(tops), dict(tops)
    begun: dict[tuple[Key, Key], float] = {}
    for pair in sorted(amounts, key=lambda pair: (pair[0], tops[pair[1]])):
        begun[pair] = starts[pair[0]]
        starts[pair[0]] += amounts[pair] * scale
    ribbons = []
    for pair in sorted(amounts, key=lambda pair: (pair[1], tops[pair[0]])):
        source, target = pair
        thickness = amounts[pair] * scale
        ribbons.append(
            Ribbon(
                column=source[0],
                source=source[1],
                target=target[1],
                value=amounts[pair],
                start=begun[pair],
                end=ends[target],
                thickness=thickness,
            )
        )
        ends[target] += thickness
    return tuple(ribbons)


def spec(
    *,
    title: str,
    placed: Layout,
    ends: Sequence[str] = (),
    unit: str = "journeys",
    height: int = 360,
) -> Spec:
    """A Vega spec of a layout. The page sets the signal ``outer`` to the width it has (pixels).

    ``ends`` are the labels of a good and of a neutral end, which get those colours. Below
    ``usermeta.least`` pixels the labels would not be readable: the page scrolls instead.

    ``usermeta.rows`` is what a download as CSV holds.
    """
    rows = [
        {"from": ribbon.source, "to": ribbon.target, "step": ribbon.column + 1, unit: ribbon.value}
        for ribbon in placed.ribbons
    ]
    sums = _sums(placed)
    labels = sorted(set(sums) - set(ends), key=lambda label: (-sums[label], label))
    return {
        "$schema": SCHEMA,
        "description": title,
        "padding": 0,
        "autosize": "none",
        "height": height,
        "signals": [
            {"name": "outer", "value": 800},
            {"name": "width", "update": "outer"},
            {"name": "bar", "value": 10},
            {"name": "ends", "value": list(ends)},
            {"name": "step", "update": f"(width - bar) / {placed.columns - 1}"},
        ],
        "data": [
            {
                "name": "ribbons",
                "values": [asdict(ribbon) for ribbon in placed.ribbons],
                "transform": [{"type": "formula", "as": "path", "expr": _PATH}],
            },
            {"name": "nodes", "values": [asdict(node) for node in placed.nodes]},
        ],
        "scales": [
            {"name": "color", "type": "ordinal", "domain": labels, "range": "category"},
            {"name": "end", "type": "ordinal", "domain": list(ends), "range": "ordinal"},
        ],
        "marks": [
            _drawn_ribbons(unit),
            _drawn_nodes(unit),
            _drawn_labels(placed.columns - 1, "node-halo"),
            _drawn_labels(placed.columns - 1, "node-label"),
        ],
        "usermeta": {"rows": rows, "least": LEAST * placed.columns},
    }


# A closed shape: along the upper edge from left to right, back along the lower edge.
_PATH = (
    "'M' + (datum.column * step + bar) + ',' + (datum.start * height)"
    " + 'C' + ((datum.column + 0.5) * step + bar / 2) + ',' + (datum.start * height)"
    " + ' ' + ((datum.column + 0.5) * step + bar / 2) + ',' + (datum.end * height)"
    " + ' ' + ((datum.column + 1) * step) + ',' + (datum.end * height)"
    " + 'L' + ((datum.column + 1) * step) + ',' + ((datum.end + datum.thickness) * height)"
    " + 'C' + ((datum.column + 0.5) * step + bar / 2) + ','"
    " + ((datum.end + datum.thickness) * height)"
    " + ' ' + ((datum.column + 0.5) * step + bar / 2) + ','"
    " + ((datum.start + datum.thickness) * height)"
    " + ' ' + (datum.column * step + bar) + ',' + ((datum.start + datum.thickness) * height) + 'Z'"
)


def _sums(placed: Layout) -> dict[str, float]:
    """What passes through each label in all columns; the largest gets the first colour."""
    sums: dict[str, float] = defaultdict(float)
    for node in placed.nodes:
        sums[node.label] += node.value
    return sums


_FILL = "indexof(ends, datum.label) >= 0 ? scale('end', datum.label) : scale('color', datum.label)"


def _drawn_ribbons(unit: str) -> Spec:
    said = (
        f"{{title: datum.source + ' → ' + datum.target, '{unit}': format(datum.value, '{PLAIN}')}}"
    )
    return {
        "type": "path",
        "aria": False,
        "from": {"data": "ribbons"},
        "encode": {
            "enter": {"fill": {"scale": "color", "field": "source"}, "tooltip": {"signal": said}},
            "update": {"path": {"field": "path"}, "fillOpacity": {"value": 0.32}},
            "hover": {"fillOpacity": {"value": 0.65}},
        },
    }


def _drawn_nodes(unit: str) -> Spec:
    said = f"{{title: datum.label, '{unit}': format(datum.value, '{PLAIN}')}}"
    return {
        "type": "rect",
        "aria": False,
        "from": {"data": "nodes"},
        "encode": {
            "enter": {
                "fill": {"signal": _FILL},
                "cornerRadius": {"value": 2},
                "tooltip": {"signal": said},
            },
            "update": {
                "x": {"signal": "datum.column * step"},
                "width": {"signal": "bar"},
                "y": {"signal": "datum.top * height"},
                "height": {"signal": "max(1, datum.height * height)"},
            },
        },
    }


def _drawn_labels(last: int, style: str) -> Spec:
    """Right of a node, in the last column left of it; left out where the node is too thin."""
    return {
        "type": "text",
        "from": {"data": "nodes"},
        "style": style,
        "interactive": False,
        "encode": {
            "update": {
                "x": {"signal": f"datum.column * step + (datum.column == {last} ? -6 : bar + 6)"},
                "y": {"signal": "(datum.top + datum.height / 2) * height"},
                "align": {"signal": f"datum.column == {last} ? 'right' : 'left'"},
                "baseline": {"value": "middle"},
                "limit": {"signal": "step - bar - 12"},
                "text": {"signal": "datum.height * height < 9 ? '' : datum.label"},
            }
        },
    }
