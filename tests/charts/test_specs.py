import json
from datetime import date

import vl_convert

from charts.specs import Bar, Point, bars, grouped_bars, lines


def svg(spec):
    fixed = spec | {"width": 400}
    return vl_convert.vegalite_to_svg(json.dumps(fixed))


def test_a_single_series_is_filled_and_needs_no_legend():
    spec = lines(title="Conversions", series={"all": [Point(day=date(2026, 1, 1), value=3.0)]})
    assert spec["mark"]["type"] == "area"
    assert "color" not in spec["encoding"]
    assert spec["data"]["values"] == [{"day": "2026-01-01", "value": 3.0, "series": "all"}]


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
