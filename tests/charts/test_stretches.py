"""Seen against expected, with what stands out marked."""

import json
from datetime import UTC, datetime, timedelta

import vl_convert

from charts.stretches import Moment, Stretch, marked

START = datetime(2026, 3, 2, tzinfo=UTC)
HOUR = timedelta(hours=1)


def moments(*values):
    return [Moment(at=START + n * HOUR, value=value) for n, value in enumerate(values)]


def test_it_draws_both_lines_and_the_stretch_and_carries_the_numbers():
    spec = marked(
        title="Records", series={"Seen": moments(5, 4, 0, 1), "Expected": moments(5, 5, None, 5)},
        stretches=[Stretch(start=START + 2 * HOUR, end=START + 4 * HOUR, label="Feed stopped")],
    )  # fmt: skip
    band = spec["layer"][0]["data"]["values"][0]
    assert band["label"] == "Feed stopped"
    assert band["end"] == (START + 3 * HOUR).isoformat()
    assert spec["usermeta"]["rows"][2] == {
        "at": (START + 2 * HOUR).isoformat(), "Seen": 0, "Expected": None,
    }  # fmt: skip
    assert "Expected" in vl_convert.vegalite_to_svg(json.dumps(spec | {"width": 400}))


def test_a_short_stretch_is_wide_enough_to_be_seen_and_none_lies_outside():
    inside = Stretch(start=START + HOUR, end=START + HOUR + timedelta(seconds=1), label="x")
    before = Stretch(start=START - 9 * HOUR, end=START - 8 * HOUR, label="y")
    spec = marked(
        title="Records", series={"Seen": moments(*range(101))}, stretches=[inside, before]
    )
    (band,) = spec["layer"][0]["data"]["values"]
    assert datetime.fromisoformat(band["end"]) - datetime.fromisoformat(band["start"]) == HOUR
    assert vl_convert.vegalite_to_svg(json.dumps(spec | {"width": 400}))
