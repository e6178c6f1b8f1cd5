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


def test_declared_quiet_says_nothing_unless_it_was_played_in_as_usual():
    market = built([("lucky", 4, 7)], lucky=known(quiet=((3, 6),)))
    assert np.isnan(market.events[[3, 5], 0]).all()
    assert market.events[[2, 4, 6], 0].tolist() == [0.0, 7.0, 0.0]


def test_the_end_of_sittings_in_a_declared_closure_is_no_play():
    rows = [Row("lucky", START + hour * HOUR, stakes, 0, 0, 9) for hour, stakes in
            ((1, 900), (2, 1_000), (3, 300), (4, 10), (8, 1_100))]  # fmt: skip
    market = build(
        rows, {"lucky": known(quiet=((3, 6),))}, start=START, end=START + 10 * HOUR, step=HOUR
    )
    assert np.isnan(market.events[3:6, 0]).all()
    assert market.events[[2, 8], 0].tolist() == [9.0, 9.0]


def test_a_step_that_was_quiet_in_part_says_nothing():
    market = built([("lucky", 3, 2), ("lucky", 4, 7)], lucky=known(quiet=((3.4, 6.5),)))
    assert np.isnan(market.events[[3, 5, 6], 0]).all()
    assert market.events[[2, 4, 7], 0].tolist() == [0.0, 7.0, 0.0]


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


def test_games_are_told_apart_where_there_is_more_than_one():
    rows = [
        Row("lucky", START, 900, 0, 0, 9),
        Row("lucky", START, 600, 0, 0, 4, "slots"),
        Row("lucky", START, 300, 0, 0, 5, "sports"),
    ]

    market = build(
        rows, {"lucky": known(until=2)}, start=START, end=START + 3 * HOUR, step=HOUR
    )  # fmt: skip

    assert [each[0, 0] for each in market.games] == [4.0, 5.0]
    assert [each[0, 0] for each in market.staked] == [600.0, 300.0]
    assert sum(market.games)[:2, 0].tolist() == market.events[:2, 0].tolist()
    assert np.isnan(market.games[0][2, 0])


def test_one_game_alone_is_not_told_apart():
    rows = [Row("lucky", START, 900, 0, 0, 9), Row("lucky", START, 900, 0, 0, 9, "slots")]

    market = build(rows, {"lucky": known()}, start=START, end=START + HOUR, step=HOUR)

    assert market.games == market.staked == ()
    assert market.events[0, 0] == 9.0
