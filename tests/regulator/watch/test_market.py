"""Steps in which an operator can't be judged are no numbers; no row is no play elsewhere."""

from datetime import timedelta

import numpy as np
import pytest

from regulator.watch.market import DAY, HOUR, Known, Row, build, known_until, quarter_before
from tests.regulator.watch.markets import START


def known(since=0, until=10, quiet=()):
    return Known(
        currency="EUR", since=START + since * HOUR, until=START + until * HOUR,
        quiet=tuple((START + low * HOUR, START + high * HOUR) for low, high in quiet),
    )  # fmt: skip


def built(rows, **operators):
    told = [Row(name, START + hour * HOUR, 500, 0, 0, count) for name, hour, count in rows]
    return build(told, operators, start=START, end=START + 10 * HOUR, step=HOUR)


def test_no_row_is_no_play_within_what_is_known():
    market = built([("lucky", 3, 7)], lucky=known(since=2, until=5.5))
    events = market.events[:, 0]
    assert np.isnan(events[[0, 1, 5, 6, 9]]).all()
    assert events[2:5].tolist() == [0.0, 7.0, 0.0]
    assert market.stakes[3, 0] == 500


def test_declared_quiet_says_nothing_unless_something_was_played():
    market = built([("lucky", 4, 7)], lucky=known(quiet=((3, 6),)))
    assert np.isnan(market.events[[3, 5], 0]).all()
    assert market.events[[2, 4, 6], 0].tolist() == [0.0, 7.0, 0.0]


def test_an_operator_without_a_feed_is_no_number_at_all():
    none = Known(currency="EUR", since=None, until=START)
    market = built([("lucky", 3, 7)], lucky=known(), silent=none)
    assert market.operators == ("lucky", "silent")
    assert np.isnan(market.events[:, 1]).all()


@pytest.mark.parametrize(
    ("minutes", "whole"), [(50, "heard"), (119, "heard"), (120, "now"), (600, "now")]
)
def test_what_is_twice_as_late_as_usual_is_no_longer_on_its_way(minutes, whole):
    now = START + timedelta(minutes=minutes)
    found = known_until(heard=START, interval=HOUR, now=now)
    assert found == {"heard": START, "now": now}[whole]
    assert known_until(heard=START, interval=HOUR, now=now, until=START - DAY) == START - DAY


def test_thinning_begins_with_the_quarter_before():
    assert quarter_before(START.replace(month=8, day=31)).isoformat()[:10] == "2026-04-01"
    assert quarter_before(START.replace(month=1, day=5)).isoformat()[:10] == "2025-10-01"
