"""A ring as shapes to draw, in a square of ``SIDE`` units. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from fraud.rings.graph import SORTS, Graph, Member
from fraud.rings.layout import layout, most_seen
from fraud.rings.words import SORT_NAMES, counted

SIDE = 1_000
_LARGEST, _SMALLEST = 26.0, 0.6
"""Half a shape's width in units; the least as a share of the most."""
_ROOM_USED = 0.42
_WIDEST = 4.0
_CORNERS: Mapping[str, tuple[int, float]] = {
    "device": (4, 45.0), "agent": (4, 0.0), "ip": (3, -90.0), "publisher": (6, 0.0),
}  # fmt: skip
"""Corners of a sort's shape and the direction of the first in degrees; persons are round."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A member: where, how large (``radius``), its corners (none: a circle), its words."""

    key: str
    member: Member
    x: float
    y: float
    radius: float
    corners: str
    name: str
    events: int
    joined: int

    @property
    def sort(self) -> str:
        """What it is: decides shape and colour."""
        return self.member[0]

    @property
    def window(self) -> str:
        """The part of the drawing that holds this shape alone, as SVG writes a view."""
        width = round(2.0 * self.radius, 1)
        return f"{self.x - self.radius:.1f} {self.y - self.radius:.1f} {width} {width}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """Two members seen together, the wider the more often."""

    x1: float
    y1: float
    x2: float
    y2: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """What is drawn, and in words what is not."""

    shapes: tuple[Shape, ...]
    lines: tuple[Line, ...]
    legend: tuple[Shape, ...]
    left_out: tuple[str, ...]


def drawing(whole: Graph, names: Mapping[Member, str]) -> Drawing:
    """The drawing of a ring's graph; the most seen members of a large one."""
    part = most_seen(whole)
    found, joined = layout(part), whole.neighbours()
    largest = min(_LARGEST, _ROOM_USED * found.room * SIDE)
    most = max(part.nodes.values(), default=1)
    shapes = [
        _shape(
            each, key=f"member-{number}", at=found.places[each], name=names[each], events=events,
            radius=largest * max(math.sqrt(events / most), _SMALLEST), joined=len(joined[each]),
        )
        for number, (each, events) in enumerate(part.nodes.items(), 1)
    ]  # fmt: skip
    often = max(part.edges.values(), default=1)
    lines = [
        _line(found.places[one], found.places[other], share=count / often)
        for (one, other), count in part.edges.items()
    ]
    return Drawing(
        shapes=tuple(sorted(shapes, key=lambda each: -each.events)), lines=tuple(lines),
        legend=_legend(part), left_out=_left_out(whole, part),
    )  # fmt: skip


def _shape(
    member: Member, *, key: str, at: tuple[float, float], name: str, events: int, radius: float,
    joined: int,
) -> Shape:  # fmt: skip
    x, y = SIDE * at[0], SIDE * at[1]
    return Shape(
        key=key, member=member, x=round(x, 1), y=round(y, 1), radius=round(radius, 1),
        corners=_corners(member[0], x, y, radius), name=name, events=events, joined=joined,
    )  # fmt: skip


def _corners(sort: str, x: float, y: float, radius: float) -> str:
    """The corners of a sort's shape as SVG writes them, all ``radius`` from the middle."""
    if sort not in _CORNERS:
        return ""
    count, first = _CORNERS[sort]
    turns = [math.radians(first + 360.0 * corner / count) for corner in range(count)]
    return " ".join(
        f"{x + radius * math.cos(turn):.1f},{y + radius * math.sin(turn):.1f}" for turn in turns
    )


def _line(one: tuple[float, float], other: tuple[float, float], *, share: float) -> Line:
    return Line(
        x1=round(SIDE * one[0], 1), y1=round(SIDE * one[1], 1), x2=round(SIDE * other[0], 1),
        y2=round(SIDE * other[1], 1), width=round(1.0 + (_WIDEST - 1.0) * math.sqrt(share), 1),
    )  # fmt: skip


def _legend(part: Graph) -> tuple[Shape, ...]:
    """One shape a sort that is drawn, in a square of 20 units, with how many there are."""
    counts = _counts(part)
    return tuple(
        _shape(
            (sort, 0.0), key="", at=(10 / SIDE, 10 / SIDE), name=SORT_NAMES[sort],
            events=counts[sort], radius=8.0, joined=0,
        )
        for sort in SORTS
        if counts[sort]
    )  # fmt: skip


def _left_out(whole: Graph, part: Graph) -> tuple[str, ...]:
    """``("300 persons", "1 address")``: what is not drawn."""
    all_, drawn = _counts(whole), _counts(part)
    return tuple(
        counted(all_[sort] - drawn[sort], SORT_NAMES[sort])
        for sort in SORTS
        if all_[sort] > drawn[sort]
    )


def _counts(graph: Graph) -> dict[str, int]:
    return {sort: sum(1 for each in graph.nodes if each[0] == sort) for sort in SORTS}
