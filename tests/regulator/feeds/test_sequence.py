"""A feed's numbering against sets of numbers."""

from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from regulator.feeds.sequence import Ledger

AT = datetime(2026, 9, 1, tzinfo=UTC)


def taken(numbers):
    ledger = Ledger()
    for number in numbers:
        ledger.take(number, AT)
    return ledger


@given(st.lists(st.integers(1, 60), max_size=80))
def test_it_knows_what_is_missing_what_came_late_and_what_came_twice(numbers):
    ledger, seen, late, twice = taken(numbers), set(), 0, 0
    for number in numbers:
        if number in seen:
            twice += 1
        elif seen and number < max(seen):
            late += 1
        seen.add(number)

    missing = set(range(1, max(seen, default=0) + 1)) - seen
    held = [number for gap in ledger.gaps for number in range(gap.first, gap.last + 1)]
    assert held == sorted(missing)
    assert (ledger.missing, ledger.filled, ledger.reused) == (len(missing), late, twice)
    assert all(low.last + 1 < high.first for low, high in pairwise(ledger.gaps))


def test_a_feed_that_does_not_begin_at_one_has_lost_its_beginning():
    assert [(gap.first, gap.last) for gap in taken([5, 6]).gaps] == [(1, 4)]


def test_a_hole_that_is_filled_from_the_middle_keeps_when_it_was_noticed():
    ledger = taken([1, 10])
    ledger.take(5, datetime(2026, 9, 9, tzinfo=UTC))
    assert ledger.gaps == [(2, 4, AT), (6, 9, AT)]
