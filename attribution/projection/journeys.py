"""Cut people's journeys anew and carry the difference into the stores."""

from collections.abc import Sequence

from attribution.projection import cut, tables
from attribution.projection.standing import Standing
from attribution.store import tally
from attribution.store.record import Record

Difference = Sequence[tuple[Record, int]]


def renew(persons: set[str], standing: Standing) -> Difference:
    """Bring journeys and stores up to date for ``persons``; returns what left (-1) and came (+1).

    A person whose rows have all moved elsewhere has no journeys left.
    """
    if not persons:
        return ()
    difference = cut.recut(persons, standing)
    tables.add(tables.CREDIT, tally.credit(difference, standing.direct))
    tables.add(tables.TRANSITION, tally.transitions(difference))
    tables.add(tables.PATH, tally.paths(difference))
    tables.add(tables.TOTAL, tally.totals(difference))
    return difference
