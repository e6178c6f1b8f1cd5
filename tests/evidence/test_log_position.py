"""Answers name the checkpoint that proves what they stand on."""

import base64

from eventlog import read
from eventlog.append import append
from eventlog.contracts import START, Cursor
from eventlog.seal import queries, sealer
from evidence.log_position import position
from tests.eventlog.events import NOON, event, settle


def appended(first, last):
    append([event(number) for number in range(first, last)], recorded_at=NOON)
    settle()
    return read.head()


def test_a_place_that_is_not_sealed_yet_says_so(committed_tenant):
    place = appended(0, 3)

    assert position(place) == {**place._asdict(), "checkpoint": None}
    assert position(Cursor(*START))["checkpoint"] is None


def test_it_names_the_first_checkpoint_that_covers_the_place(committed_tenant):
    early = appended(0, 3)
    sealer.catch_up(now=NOON)
    late = appended(3, 8)
    sealer.catch_up(now=NOON)

    first, second = (position(place)["checkpoint"] for place in (early, late))

    assert (first["size"], second["size"]) == (3, 8)
    assert base64.b64decode(first["root"]) == queries.at_size(3).root
    assert first["sealed_at"] == NOON.isoformat().replace("+00:00", "Z")
