"""Who is who: which subjects are one person, and whose a shared device is. Pure.

A person's id is the least subject of all that are joined; the outcome depends on the set of links
alone, never on their order of arrival.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from attribution.journeys.rules import SharedDevices

Moment = tuple[int, int, int]
"""(microseconds since 1970, xid, position): a place in time, the log's order breaking ties."""


class Link(NamedTuple):
    """``subject`` and ``other`` belong together: an alias, or a device's ``claim`` at a moment."""

    subject: str
    other: str
    moment: Moment
    claim: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Turns:
    """Whose a shared device is: ``people[i]``'s from ``moments[i]`` on, and the first's before."""

    moments: Sequence[Moment]
    people: Sequence[str]

    def at(self, moment: Moment) -> str:
        """The person at a moment."""
        return self.people[max(bisect_right(self.moments, moment) - 1, 0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouping:
    """Subject -> person of all that are linked, and the turns of devices that are shared.

    A shared device's person is the one it belongs to now.
    """

    person: Mapping[str, str]
    turns: Mapping[str, Turns]

    def of(self, subject: str, moment: Moment) -> str:
        """The person ``subject`` stood for at a moment; an unknown subject stands for itself."""
        turns = self.turns.get(subject)
        return turns.at(moment) if turns else self.person.get(subject, subject)


def union(links: Iterable[tuple[str, str]], person_of: Mapping[str, str]) -> dict[str, str]:
    """The persons that change: old id -> new id, after joining both sides of every link.

    ``person_of`` maps known subjects to persons; an unknown subject is its own person.
    """
    parent: dict[str, str] = {}

    def root(person: str) -> str:
        while (above := parent.setdefault(person, person)) != person:
            parent[person] = person = parent[above]
        return person

    for left, right in links:
        one, other = root(person_of.get(left, left)), root(person_of.get(right, right))
        if one != other:
            parent[max(one, other)] = min(one, other)
    return {person: root(person) for person in list(parent) if root(person) != person}


def group(links: Sequence[Link], policy: SharedDevices) -> Grouping:
    """Everybody in ``links``, grouped.

    Under ``TOGETHER`` every link joins. Under ``LATEST`` aliases join; so does a device that only
    one person ever claimed; a device claimed by several is joined with none of them, and what
    happens on it belongs to whoever claimed it last before (to the first one, before any claim).
    """
    everybody = {subject for link in links for subject in (link.subject, link.other)}
    if policy is SharedDevices.TOGETHER:
        return Grouping(person=_roots(everybody, links), turns={})
    aliases = [link for link in links if not link.claim]
    known = _roots(everybody, aliases)
    claims: dict[str, list[Link]] = {}
    for link in links:
        if link.claim:
            claims.setdefault(link.subject, []).append(link)
    shared = {
        device: sorted(found, key=lambda link: link.moment)
        for device, found in claims.items()
        if len({known[link.other] for link in found}) > 1
    }
    alone = [link for link in links if not (link.claim and link.subject in shared)]
    person = _roots(everybody, alone)
    turns = {
        device: Turns(
            moments=[link.moment for link in found],
            people=[person[link.other] for link in found],
        )
        for device, found in shared.items()
    }
    now = {device: each.people[-1] for device, each in turns.items()}
    return Grouping(person=person | now, turns=turns)


def _roots(everybody: Iterable[str], links: Iterable[Link]) -> dict[str, str]:
    moved = union(((link.subject, link.other) for link in links), {})
    return {subject: moved.get(subject, subject) for subject in everybody}
