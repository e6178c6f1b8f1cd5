"""Where the members of a ring are drawn: circles by sort, the publishers within. Pure.

The same graph gives the same drawing: nothing is drawn by lot.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from fraud.rings.graph import SORTS, Graph, Member

MOST_DRAWN = 120
_MARGIN = 0.04
_BETWEEN = 1.5
"""Room from one circle to the next, in rooms of a member."""
_HOLLOW = 0.5
"""Where the innermost circle is, in steps, if it has several members."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """``places`` in a square from 0 to 1; members with less than ``room`` across do not touch."""

    places: Mapping[Member, Point]
    room: float


def most_seen(graph: Graph, most: int = MOST_DRAWN) -> Graph:
    """At most so many members, grown from the most seen one, so that they hang together.

    Of several seen as often the one that came last goes first, so that a device has its person.
    """
    if len(graph.nodes) <= most:
        return graph
    joined = graph.neighbours()
    first = min(graph.nodes, key=lambda each: (-graph.nodes[each], each))
    kept: set[Member] = set()
    seen, waiting = {first}, [(-graph.nodes[first], 0, first)]
    while waiting and len(kept) < most:
        _, _, member = heappop(waiting)
        kept.add(member)
        for other in joined[member]:
            if other not in seen:
                seen.add(other)
                heappush(waiting, (-graph.nodes[other], -len(seen), other))
    return graph.of(kept)


def layout(graph: Graph) -> Layout:
    """The members of each sort on a circle of their own, each near those it is joined to."""
    circles = [[each for each in graph.nodes if each[0] == sort] for sort in reversed(SORTS)]
    circles = [each for each in circles if each]
    if not circles:
        return Layout(places={}, room=1.0)
    radii = _radii([len(each) for each in circles])
    # In rooms of a member; a single one in the middle of nothing has all there is.
    scale = (0.5 - _MARGIN) / (radii[-1] + 0.5)
    joined, angles, places = graph.neighbours(), dict[Member, float](), dict[Member, Point]()
    for circle, radius in zip(circles, radii, strict=True):
        wanted = {each: _towards(each, joined, angles) for each in circle}
        order = sorted(circle, key=lambda each: (wanted[each] or 0.0, -graph.nodes[each], each))
        for member, angle in zip(order, _spread([wanted[each] for each in order]), strict=True):
            places[member] = (
                0.5 + scale * radius * math.cos(angle), 0.5 + scale * radius * math.sin(angle)
            )  # fmt: skip
            if radius:
                angles[member] = angle
    return Layout(places=places, room=scale)


def _radii(sizes: Sequence[int]) -> list[float]:
    """Radii from the inside out, in rooms of a member, so that no two members touch.

    At least what the members need side by side and beyond the circle within; where there is more,
    the circles are spread evenly. A chain of single ones stays in the middle.
    """
    need = [0.0 if size == 1 else 0.5 / math.sin(math.pi / size) for size in sizes]
    low = [need[0]]
    for each in need[1:]:
        low.append(max(low[-1] + _BETWEEN, each))
    inner = _HOLLOW if sizes[0] > 1 else 0.0
    step = low[-1] / max(len(sizes) - 1 + inner, 1.0)
    radii = [low[-1]]
    for place in range(len(sizes) - 2, -1, -1):
        chain = all(size == 1 for size in sizes[: place + 1])
        target = low[place] if chain else step * (place + inner)
        radii.append(min(max(target, low[place]), radii[-1] - _BETWEEN))
    return radii[::-1]


def _towards(
    member: Member, joined: Mapping[Member, Sequence[Member]], angles: Mapping[Member, float]
) -> float | None:
    """The direction of those within that a member is joined to; ``None`` where they have none."""
    held = [angles[each] for each in joined[member] if each in angles]
    across, up = sum(map(math.cos, held)), sum(map(math.sin, held))
    if math.hypot(across, up) < 1e-9:
        return None
    return round(math.atan2(up, across), 9)


def _spread(wanted: Sequence[float | None]) -> list[float]:
    """Directions an even step apart, turned so that they are near those ``wanted``."""
    step = 2.0 * math.pi / len(wanted)
    off = [each - step * place for place, each in enumerate(wanted) if each is not None]
    turn = math.atan2(sum(map(math.sin, off)), sum(map(math.cos, off))) if off else -math.pi / 2.0
    return [turn + step * place for place in range(len(wanted))]
