"""Bars over time with what was wrong drawn over them."""

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import vl_convert
from hypothesis import given
from hypothesis import strategies as st

from charts.timeline import Bin, Mark, Stretch, timeline

START = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


def bins(*values, group="records"):
    return [
        Bin(start=START + n * HOUR, end=START + (n + 1) * HOUR, value=value, group=group)
        for n, value in enumerate(values)
    ]


def test_alone_it_needs_no_legend_and_with_trouble_it_names_it():
    plain = timeline(title="x", bins=bins(1, 2))
    silent = Stretch(start=START, end=START + HOUR, kind="no record", text="an hour")
    hole = Mark(at=START, kind="missing numbers", text="12 never came")
    told = timeline(title="x", bins=bins(1, 2), stretches=[silent], marks=[hole])

    assert plain["encoding"]["color"]["legend"] is None
    assert told["encoding"]["color"]["scale"]["domain"] == [
        "records", "missing numbers", "no record",
    ]  # fmt: skip
    drawn = vl_convert.vegalite_to_svg(json.dumps(told | {"width": 400}))
    assert "no record" in drawn
    assert [row["value"] for row in told["usermeta"]["rows"]] == [1, 2]


@given(st.lists(st.tuples(st.integers(-9, 9), st.sampled_from("ab")), max_size=12))
def test_bars_of_one_time_stand_on_each_other(parts):
    made = [Bin(start=START, end=START + HOUR, value=value, group=group) for value, group in parts]

    rows = timeline(title="x", bins=made)["data"]["values"]

    edges = sorted((min(row["base"], row["top"]), max(row["base"], row["top"])) for row in rows)
    assert all(low[1] <= high[0] for low, high in pairwise(edges))
    assert sum(row["top"] - row["base"] for row in rows) == sum(value for value, _ in parts)
