"""A day's stakes as they are counted from the log, and as the detector's own function counts."""

from datetime import timedelta

import numpy as np
import pytest
from django.db import connection

from regulator.detectors import tempo
from regulator.models import PlayedDay
from regulator.watch import counting, loading, passes
from regulator.watch.stakes import cell
from tests.eventlog.events import settle
from tests.regulator.told import REGISTERED, feed_key, minutes, project, send, stake
from tests.regulator.watch.feeds import NOW, counts, feed

DAY = timedelta(days=1)
FIRST = REGISTERED.date()
GAMES, PLAYERS = ("slots", "table"), 4


def played(rng, count=400):
    """Stakes of four players on two games within two days: (second, player, game, amount)."""
    seconds = np.sort(rng.integers(0, 2 * 86_400 // 60, count)) * 60
    seconds[: count // 2] = 30_000 + np.cumsum(rng.integers(0, 90, count // 2))
    return list(
        zip(
            seconds.tolist(), rng.integers(0, PLAYERS, count).tolist(),
            rng.integers(0, 2, count).tolist(), rng.integers(1, 99_999, count).tolist(),
            strict=True,
        )
    )  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2])
def test_a_day_is_counted_as_the_detector_counts_it(lucky, seed):
    rows = played(np.random.default_rng(seed))
    lucky(
        *(
            stake(number, at=REGISTERED + timedelta(seconds=second), player=f"p-{player}",
                  game_type=GAMES[game], amount=amount)
            for number, (second, player, game, amount) in enumerate(rows, start=1)
        )
    )  # fmt: skip
    settle()
    assert counting.count(since=FIRST, today=FIRST + 2 * DAY) == 2
    table = np.array(rows)
    for place, game in enumerate(GAMES):
        mine = table[table[:, 2] == place]
        for day in range(2):
            within = mine[mine[:, 0] // 86_400 == day]
            told = tempo.beats(
                within[:, 0].astype(float), within[:, 1], within[:, 2], span=2 * 86_400, periods=1
            )
            row = PlayedDay.objects.get(operator="lucky", game=game, day=FIRST + day * DAY)
            assert (row.pairs, row.uneven) == (told.pairs[0], told.uneven[0])
            cells = [cell(int(amount)) for amount in within[:, 3]]
            assert row.cells == {str(each): cells.count(each) for each in cells}
    assert PlayedDay.objects.filter(pairs__gt=0, uneven__gt=0).exists()


def test_what_came_late_is_counted_too_and_nothing_twice(lucky):
    lucky(stake(1, at=minutes(1)))
    settle()
    counting.count(since=FIRST, today=FIRST + DAY)
    lucky(stake(2, at=minutes(2), amount=700))
    settle()
    assert counting.count(since=FIRST, today=FIRST + 2 * DAY) == 2
    assert PlayedDay.objects.get().cells == {"500": 1, "700": 1}
    lucky(stake(3, at=REGISTERED + 9 * DAY))
    settle()
    counting.count(since=FIRST, today=FIRST + 10 * DAY)
    assert counting.count(since=FIRST, today=FIRST + 11 * DAY) == counting.LATE
    assert PlayedDay.objects.count() == 2


def test_an_operator_whose_history_comes_later_is_counted_too(authority, lucky):
    other = feed_key(authority, "other")
    connection.set_tenant(authority)
    today = REGISTERED + 10 * DAY
    lucky(*(stake(n, at=REGISTERED + n * DAY) for n in range(1, 10)))
    project()
    counting.count(since=FIRST, today=today.date())
    send(other, *(stake(n, at=REGISTERED + n * DAY) for n in range(1, 4)), tenant=authority)
    project()
    assert counting.count(since=FIRST, today=today.date()) == 3 + counting.LATE
    assert PlayedDay.objects.filter(operator="other").count() == 3
    assert counting.count(since=FIRST, today=today.date()) == counting.LATE


def test_old_days_are_forgotten(lucky):
    lucky(stake(1, at=minutes(1)), stake(2, at=REGISTERED + DAY))
    settle()
    counting.count(since=FIRST, today=FIRST + 2 * DAY)
    counting.forget(before=FIRST + DAY)
    assert [row.day for row in PlayedDay.objects.all()] == [FIRST + DAY]


def test_counted_days_are_read_in_a_row_by_game(lucky):
    lucky(
        stake(1, at=minutes(1)), stake(2, at=REGISTERED + 2 * DAY),
        stake(3, at=REGISTERED + 4 * DAY, game_type="table"), stake(4, at=REGISTERED + 5 * DAY),
    )  # fmt: skip
    project()
    today = REGISTERED + 5 * DAY
    counting.count(since=FIRST, today=today.date())
    feeds = loading.feeds(now=today, since=REGISTERED)
    (each,) = loading.played(feeds, today=today)
    assert [one.operator for one in loading.played(feeds, today=today, only="lucky")] == ["lucky"]
    assert loading.played(feeds, today=today, only="other") == []
    assert (each.operator, each.start) == ("lucky", FIRST + DAY)
    assert [len(day) for day in each.games["slots"].cells] == [0, 1, 0, 0]
    assert [len(day) for day in each.games["table"].cells] == [0, 0, 0, 1]


def test_the_nightly_pass_counts_and_tells_of_missing_beats(authority):
    events = counts()
    feed("lucky", events)
    days = [NOW.date() - n * DAY for n in range(60, 0, -1)]
    rng = np.random.default_rng(3)
    PlayedDay.objects.bulk_create(
        PlayedDay(
            operator="lucky", game="slots", day=day, pairs=5_000, cells={"500": 2_000},
            uneven=int(rng.binomial(5_000, 0.2 if n < 40 else 0.36)),
        )
        for n, day in enumerate(days)
    )  # fmt: skip
    told = passes.days(now=NOW)
    assert [str(each.kind) for _, each in told.found] == ["thinning"]
