"""Days within bounds."""

from datetime import date

import pytest

from kernel.days import FIRST, LAST, parse


@pytest.mark.parametrize("day", [FIRST, date(2026, 2, 28), LAST])
def test_it_reads_a_day(day):
    assert parse(day.isoformat()) == day


@pytest.mark.parametrize("text", ["", "x", "2026-02-30", "0001-01-01", "1969-12-31", "9999-12-31"])
def test_it_refuses_what_is_none_or_at_the_end_of_the_calendar(text):
    with pytest.raises(ValueError, match=r"day|isoformat|1970"):
        parse(text)
