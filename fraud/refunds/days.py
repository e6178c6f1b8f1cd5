"""Which days are not yet due to somebody's refund. Pure."""

from collections.abc import Iterable
from datetime import date, timedelta

Span = tuple[date, date]
"""From day to day, both included."""

_DAY = timedelta(days=1)


def uncovered(span: Span, covered: Iterable[Span]) -> list[Span]:
    """The parts of ``span`` that no other covers, in order; none for a span that ends too early."""
    first, last = span
    left: list[Span] = []
    for begins, ends in sorted(covered):
        if ends < first or begins > last:
            continue
        if begins > first:
            left.append((first, begins - _DAY))
        first = max(first, ends + _DAY)
    return [*left, (first, last)] if first <= last else left
