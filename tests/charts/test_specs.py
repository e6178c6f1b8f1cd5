import json
from datetime import date

import vl_convert

from charts.specs import Bar, Point, bars, grouped_bars, lines, points


def svg(spec):
    fixed = spec | {"width": 400}
    return vl_convert.vegalite_to_svg(json.dumps(fixed))


def test_a_single_series_is_filled_and_needs_no_legend():
    spec = lines(title="Conversions", series={"all": [Point(day=date(2026, 1, 1), value=3.0)]})
    assert spec["layer"][0]["mark"]["type"] == "area"
    assert "color" not in spec["encoding"]
    (row,) = spec["data"]["values"]
    assert (row["day"], row["value"], row["state"]) == ("2026-01-01", 3.0, "over")


def test_a_day_that_is_not_over_is_dashed_and_hollow_and_nothing_is_rounded_off():
    days = [Point(day=date(2026, 1, day), value=day) for day in (1, 2, 3)]
    spec = lines(title="x", series={"all": days}, unfinished=date(2026, 1, 3))
    assert [row["state"] for row in spec["data"]["values"]] == ["over", "over", "not over"]
    assert [row["dashed"] for row in spec["data"]["values"]] == [False, True, True]
    assert "interpolate" not in json.dumps(spec)
    drawn = svg(spec)
    assert "stroke-dasharray" in drawn
    assert "stroke-dasharray" not in svg(lines(title="x", series={"all": days}))


def test_points_show_what_is_undecided():
    rows = [Bar(label="a", value=2, low=1, high=3, undecided=True), Bar(label="b", value=5)]
    spec = points(title="x", rows=rows)
    assert [row.get("undecided", False) for row in spec["data"]["values"]] == [True, False]
    assert "<svg" in svg(spec)


def test_points_of_differences_show_where_there_is_none():
    rows = [Bar(label="a - b", value=2, low=-1, high=5)]
    spec = points(title="x", rows=rows, baseline=0)
    assert spec["layer"][0]["data"]["values"] == [{"at": 0}]
    assert "stroke-dasharray" in svg(spec)
    assert len(points(title="x", rows=rows)["layer"]) == 3


def test_a_download_of_lines_holds_days_and_values_alone():
    days = [Point(day=date(2026, 1, day), value=day) for day in (1, 2)]
    rows = lines(title="x", series={"all": days}, unfinished=date(2026, 1, 2))["usermeta"]["rows"]
    assert rows[0] == {"day": "2026-01-01", "value": 1}
    both = lines(title="x", series={"a": days, "b": days})["usermeta"]["rows"]
    assert both[-1] == {"day": "2026-01-02", "series": "b", "value": 2}


def test_grouped_bars_have_intervals_where_known():
    rows = [Bar(label="a", value=2, low=1, high=3, group="m"), Bar(label="b", value=1, group="m")]
    assert len(grouped_bars(title="x", rows=rows, groups=["m"])["layer"]) == 2
    assert len(grouped_bars(title="x", rows=rows[1:], groups=["m"])["layer"]) == 1


def test_several_series_are_told_apart_by_colour():
    days = [Point(day=date(2026, 1, day), value=day) for day in (1, 2)]
    spec = lines(title="x", series={"a": days, "b": days})
    assert spec["encoding"]["color"]["scale"]["domain"] == ["a", "b"]
    assert "<svg" in svg(spec)


def test_bars_keep_their_order_and_show_intervals_where_known():
    rows = [Bar(label="b", value=2, low=1, high=3), Bar(label="a", value=5)]
    spec = bars(title="x", rows=rows)
    assert spec["encoding"]["y"]["sort"] == ["b", "a"]
    assert len(spec["layer"]) == 2
    assert "<svg" in svg(spec)
    assert len(bars(title="x", rows=rows[1:])["layer"]) == 1


def test_grouped_bars_stand_side_by_side_in_the_order_given():
    rows = [Bar(label=label, value=1, group=group) for label in "yx" for group in ("m2", "m1")]
    spec = grouped_bars(title="x", rows=rows, groups=["m2", "m1"])
    assert spec["encoding"]["x"]["sort"] == ["y", "x"]
    assert spec["encoding"]["xOffset"]["sort"] == ["m2", "m1"]
    assert "<svg" in svg(spec)
