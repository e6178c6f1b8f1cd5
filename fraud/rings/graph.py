"""What suspicious events have in common, as a graph. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

Member = tuple[str, float]
"""An entity: its sort (``SORTS``) and its id."""
SORTS = ("subject", "device", "agent", "ip", "publisher")
"""In the order in which an event leads from a person to who is paid for it."""
LINKING = ("subject", "device", "ip")
"""Sorts that make two events one another's; a fingerprint has its address in it already."""
CROWD = 50
"""Persons behind one address or device from which on it may be a thoroughfare."""
MIXED = 4.0
"""So many publishers, evenly used, say that whoever comes by is seen there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspicious:
    """A suspicious event: ``value`` is what is at stake, ``cellular``: it came by a carrier."""

    event: str
    at: datetime
    kind: str
    value: float
    entities: Mapping[str, float]
    cellular: bool = False

    def path(self) -> list[Member]:
        """Its entities, from the person to the publisher."""
        return [(sort, self.entities[sort]) for sort in SORTS if sort in self.entities]


@dataclass(frozen=True, slots=True, kw_only=True)
class Graph:
    """``nodes``: events by member; ``edges``: events by pair of members, in the order of sorts.

    An event joins each of its members to the next, so whoever was seen in one event hangs together
    and no event draws more lines than it has members.
    """

    nodes: Mapping[Member, int]
    edges: Mapping[tuple[Member, Member], int]

    def neighbours(self) -> dict[Member, list[Member]]:
        """Whom each member is joined to."""
        found: dict[Member, list[Member]] = {each: [] for each in self.nodes}
        for one, other in self.edges:
            found[one].append(other)
            found[other].append(one)
        return found

    def of(self, members: Collection[Member]) -> "Graph":
        """The part that only ``members`` make up."""
        held = frozenset(members)
        return Graph(
            nodes={each: count for each, count in self.nodes.items() if each in held},
            edges={pair: count for pair, count in self.edges.items() if held.issuperset(pair)},
        )


def graph(cases: Iterable[Suspicious]) -> Graph:
    """The graph of what was seen together; the same whatever the order of ``cases``."""
    nodes: Counter[Member] = Counter()
    edges: Counter[tuple[Member, Member]] = Counter()
    for case in cases:
        path = case.path()
        nodes.update(path)
        edges.update(pairwise(path))
    return Graph(nodes=dict(sorted(nodes.items())), edges=dict(sorted(edges.items())))


def hubs(cases: Sequence[Suspicious]) -> frozenset[Member]:
    """Addresses and devices that strangers share, so that they make no ring of them.

    A carrier's address is told by how most came by it. Another is one if a crowd came by it for
    many publishers: a farm has the crowd too, but works for few. How many publishers there are is
    counted by the inverse of Simpson's index, so that a few strays make no mixture (Hill 1973,
    "Diversity and evenness", order 2).
    """
    persons: dict[Member, set[float]] = defaultdict(set)
    publishers: dict[Member, Counter[float]] = defaultdict(Counter)
    cellular: dict[Member, list[bool]] = defaultdict(list)
    for case in cases:
        for sort in ("device", "ip"):
            if sort in case.entities:
                member = (sort, case.entities[sort])
                persons[member].add(case.entities.get("subject", 0.0))
                cellular[member].append(case.cellular)
                if "publisher" in case.entities:
                    publishers[member][case.entities["publisher"]] += 1
    return frozenset(
        member
        for member, came in cellular.items()
        if (member[0] == "ip" and 2 * sum(came) > len(came))
        or (len(persons[member]) > CROWD and different(publishers[member].values()) >= MIXED)
    )


def different(counts: Iterable[int]) -> float:
    """How many evenly used ones are as mixed as these: 1 where all is one's, n where even."""
    held = list(counts)
    total = sum(held)
    return total * total / sum(each * each for each in held) if total else 0.0
