"""Cut people's journeys anew and carry the difference into the stores."""

from collections.abc import Sequence

from attribution.projection import cut, live, stores
from attribution.projection.standing import Standing
from attribution.store.record import Record

Difference = Sequence[tuple[Record, int]]


def renew(persons: set[str], standing: Standing) -> Difference:
    """Bring journeys and stores up to date for ``persons``; returns what left (-1) and came (+1).

    A person whose rows have all moved elsewhere has no journeys left.
    """
    if not persons:
        return ()
    difference = cut.recut(persons, standing)
    stores.add(difference, standing.direct)
    live.follow(difference)
    return difference
