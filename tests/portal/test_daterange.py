from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.daterange import PRESETS, BadRange, parse

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(("preset", "days"), PRESETS.items())
def test_a_preset_ends_today(preset, days):
    found = parse({"range": preset}, TODAY)
    assert (found.end, found.days, found.preset) == (TODAY, days, preset)


@pytest.mark.parametrize("query", [{}, {"range": "a century"}])
def test_without_a_range_it_is_thirty_days(query):
    assert parse(query, TODAY).preset == "30d"


def test_dates_make_a_custom_range_that_ends_today_unless_told():
    assert parse({"start": "2026-03-01"}, TODAY).end == TODAY
    found = parse({"range": "custom", "start": "2026-01-01", "end": "2026-01-31"}, TODAY)
    assert (found.days, found.query) == (31, "range=custom&start=2026-01-01&end=2026-01-31")


@pytest.mark.parametrize(
    ("start", "end"),
    [("soon", ""), ("2026-02-30", ""), ("2026-03-02", "2026-03-01"), ("1990-01-01", "")],
)
def test_it_refuses_what_is_no_range(start, end):
    with pytest.raises(BadRange):
        parse({"range": "custom", "start": start, "end": end}, TODAY)


@given(st.dates(date(2020, 1, 1), date(2026, 1, 1)), st.integers(0, 3_000))
def test_a_ranges_query_gives_it_again(start, length):
    query = {"range": "custom", "start": str(start), "end": str(start + timedelta(length))}
    found = parse(query, TODAY)
    again = dict(part.split("=") for part in found.query.split("&"))
    assert parse(again, TODAY) == found
