"""Rings: whoever hangs together by persons, devices and addresses. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise
from typing import TypeVar

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from fraud.rings.graph import LINKING, Member, Suspicious, hubs

Key = TypeVar("Key", str, float)
FEWEST_EVENTS = 10
FEWEST_MEMBERS = 5
"""Persons or devices: fewer are a household, or somebody with two telephones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """Suspicious events that hang together.

    ``events``: their ids, the oldest first. ``members`` hold it together. ``publishers`` and
    ``kinds`` with their events, the most first; ``value`` is what is at stake in all.
    """

    id: str
    events: tuple[str, ...]
    members: tuple[Member, ...]
    persons: int
    devices: int
    addresses: int
    publishers: tuple[tuple[float, int], ...]
    kinds: tuple[tuple[str, int], ...]
    first: datetime
    last: datetime
    value: float


def rings(
    cases: Sequence[Suspicious], *, events: int = FEWEST_EVENTS, members: int = FEWEST_MEMBERS
) -> tuple[Ring, ...]:
    """The rings of at least so many ``events`` by so many persons or devices, the largest first.

    Each is a connected part of the graph of ``cases`` without its hubs. A publisher joins nobody:
    honest people and several rings come by the same.
    """
    ordered = sorted(cases, key=lambda each: (each.at, each.event))
    found = [_ring(part, joined) for part, joined in _parts(ordered)]
    kept = [
        each
        for each in found
        if len(each.events) >= events and max(each.persons, each.devices) >= members
    ]
    return tuple(sorted(kept, key=lambda each: (-len(each.events), each.id)))


def name_of(event: str) -> str:
    """The name of a ring whose oldest event is ``event``: it stays while the ring grows."""
    return blake2b(event.encode(), digest_size=8).hexdigest()


def _parts(ordered: Sequence[Suspicious]) -> Iterable[tuple[list[Suspicious], list[Member]]]:
    """Events that hang together, in the order they are given, with the members that join them."""
    away = hubs(ordered)
    joining = [
        [each for each in case.path() if each[0] in LINKING and each not in away]
        for case in ordered
    ]
    places = {each: place for place, each in enumerate(sorted({m for row in joining for m in row}))}
    pairs = [(places[one], places[other]) for row in joining for one, other in pairwise(row)]
    rows = np.array(pairs, dtype=np.int64).reshape(len(pairs), 2)
    size = len(places)
    joined = coo_array((np.ones(len(rows)), (rows[:, 0], rows[:, 1])), shape=(size, size))
    _, part_of = connected_components(joined, directed=False)
    cases: dict[int, list[Suspicious]] = defaultdict(list)
    members: dict[int, list[Member]] = defaultdict(list)
    for member, place in places.items():
        members[int(part_of[place])].append(member)
    for case, row in zip(ordered, joining, strict=True):
        if row:
            cases[int(part_of[places[row[0]]])].append(case)
    return [(cases[part], members[part]) for part in cases]


def _ring(cases: Sequence[Suspicious], members: Sequence[Member]) -> Ring:
    publishers = Counter(
        each.entities["publisher"] for each in cases if "publisher" in each.entities
    )
    return Ring(
        id=name_of(cases[0].event), events=tuple(each.event for each in cases),
        members=tuple(members), persons=_different(cases, "subject"),
        devices=_different(cases, "device"), addresses=_different(cases, "ip"),
        publishers=_most_first(publishers),
        kinds=_most_first(Counter(each.kind for each in cases if each.kind)),
        first=cases[0].at, last=cases[-1].at, value=float(sum(each.value for each in cases)),
    )  # fmt: skip


def _different(cases: Sequence[Suspicious], sort: str) -> int:
    return len({each.entities[sort] for each in cases if sort in each.entities})


def _most_first(counts: Counter[Key]) -> tuple[tuple[Key, int], ...]:
    return tuple(sorted(counts.items(), key=lambda pair: (-pair[1], pair[0])))
