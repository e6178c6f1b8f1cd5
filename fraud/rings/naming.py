"""Keeping a ring's name over time: what was found before is the same ring. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from fraud.rings.found import Ring


def renamed(found: Sequence[Ring], before: Sequence[Ring]) -> tuple[Ring, ...]:
    """``found`` with the names that their rings had ``before``.

    A ring grows under the name of its oldest event, but one day that event is older than what is
    looked at, or an older one comes to be known. Then the ring is known again by its members: it
    takes the name of the earlier ring with which it shares most. No name is given twice.
    """
    names = {each.id for each in before}
    own = {each.id for each in found}
    free = [each for each in before if each.id not in own]
    holder = {member: each.id for each in free for member in each.members}
    shared: Counter[tuple[str, str]] = Counter(
        (each.id, holder[member])
        for each in found
        if each.id not in names
        for member in each.members
        if member in holder
    )
    given: dict[str, str] = {}
    for (fresh, earlier), _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
        if fresh not in given and earlier not in given.values():
            given[fresh] = earlier
    return tuple(replace(each, id=given.get(each.id, each.id)) for each in found)
