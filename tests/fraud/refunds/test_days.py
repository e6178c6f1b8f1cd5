"""Days that are due once: against sets of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from fraud.refunds.days import uncovered

FIRST = date(2026, 1, 1)
SPANS = st.tuples(st.integers(0, 40), st.integers(0, 15)).map(
    lambda pair: (FIRST + timedelta(days=pair[0]), FIRST + timedelta(days=sum(pair)))
)


def days(span):
    return {span[0] + timedelta(days=n) for n in range((span[1] - span[0]).days + 1)}


@given(SPANS, st.lists(SPANS, max_size=6))
def test_what_is_left_are_the_days_nobody_covers_each_once(span, covered):
    left = uncovered(span, covered)
    expected = days(span).difference(*map(days, covered)) if covered else days(span)
    assert set().union(*map(days, left)) == expected if left else not expected
    assert sum(len(days(each)) for each in left) == len(expected)
    assert left == sorted(left)


def test_a_span_that_ends_before_it_begins_has_no_days():
    assert uncovered((FIRST, FIRST - timedelta(days=1)), []) == []
