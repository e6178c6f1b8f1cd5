"""The chart of what was and what is expected."""

from datetime import date

from charts.ahead import Expected, months
from charts.specs import Point

PAST = [Point(day=date(2026, 1, 1), value=5.0), Point(day=date(2026, 2, 1), value=6.0)]
AHEAD = [Expected(day=date(2026, 3, 1), value=7.0, low=6.0, high=8.0)]


def test_the_band_begins_where_nothing_is_unsure():
    band = months(title="GGR", past=PAST, ahead=AHEAD)["layer"][0]["data"]["values"]

    assert [(each["low"], each["high"]) for each in band] == [(6.0, 6.0), (6.0, 8.0)]


def test_a_download_holds_each_month_once_and_says_which_are_expected():
    rows = months(title="GGR", past=PAST, ahead=AHEAD)["usermeta"]["rows"]

    assert [each["series"] for each in rows] == ["was", "was", "expected"]


def test_without_a_past_there_is_only_what_is_expected():
    spec = months(title="GGR", past=[], ahead=AHEAD)

    assert spec["data"]["values"] == []
    assert len(spec["layer"][0]["data"]["values"]) == 1
