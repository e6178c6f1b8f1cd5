"""How alike two decided events are, by what was known of each."""

from collections.abc import Mapping, Sequence

Known = Mapping[str, float]


def distance(one: Known, other: Known) -> float:
    """0 for the same, 1 for nothing in common.

    The mean Canberra distance over what is known of either (Lance and Williams 1967); what is known
    of one alone counts as altogether different.
    """
    names = one.keys() | other.keys()
    if not names:
        return 0.0
    total = 0.0
    for name in names:
        if name not in one or name not in other:
            total += 1.0
            continue
        size = abs(one[name]) + abs(other[name])
        total += abs(one[name] - other[name]) / size if size else 0.0
    return total / len(names)


def nearest(one: Known, others: Sequence[Known], most: int) -> list[tuple[int, float]]:
    """The places of those most alike with their distances, the nearest first."""
    found = [(place, distance(one, other)) for place, other in enumerate(others)]
    return sorted(found, key=lambda pair: pair[1])[:most]
