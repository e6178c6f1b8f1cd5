"""What a difference of journeys adds to the stores that are sums of journeys."""

from attribution.projection import tables
from attribution.store import tally
from attribution.store.tally import Signed


def add(difference: Signed, direct: int) -> None:
    """Journeys that came (+1) and went (-1), in every store; ``direct`` as ``tally`` takes it."""
    tables.add(tables.CREDIT, tally.credit(difference, direct))
    tables.add(tables.TRANSITION, tally.transitions(difference))
    tables.add(tables.PATH, tally.paths(difference))
    tables.add(tables.TOTAL, tally.totals(difference))
