"""A feed's state in a word."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from regulator.wall import states
from regulator.wall.states import Signs, State

NOW = datetime(2026, 11, 20, 12, 30, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def signs(**changes):
    return Signs(**{"operator": "lucky", "title": "Lucky", "heard_at": NOW - MINUTE, **changes})


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({}, State.WELL),
        ({"heard_at": None}, State.WAITING),
        ({"heard_at": None, "ended": True}, State.ENDED),
        ({"ended": True, "missing": 3}, State.ENDED),
        ({"heard_at": NOW - 11 * MINUTE, "rhythm": 5 * MINUTE}, State.SILENT),
        ({"heard_at": NOW - 9 * MINUTE, "rhythm": 5 * MINUTE}, State.WELL),
        ({"heard_at": NOW - 23 * 60 * MINUTE}, State.WELL),
        ({"heard_at": NOW - 25 * 60 * MINUTE, "missing": 1, "refused": 1}, State.SILENT),
        ({"refused": 1, "missing": 1, "late": 1}, State.TURNED_AWAY),
        ({"missing": 1, "late": 1}, State.GAPS),
        ({"late": 1, "quiet_since": NOW}, State.LATE),
        ({"quiet_since": NOW}, State.QUIET),
    ],
)
def test_the_most_urgent_thing_is_the_word(changes, word):
    assert states.state(signs(**changes), NOW) is word


@given(st.none() | st.timedeltas(timedelta(0), timedelta(days=30)))
def test_patience_is_from_five_minutes_to_a_day(rhythm):
    assert timedelta(minutes=5) <= states.patience(rhythm) <= timedelta(days=1)


def test_urgent_feeds_come_first_and_then_names():
    found = states.ranked(
        [signs(operator="b", title="b"), signs(operator="c", title="C", missing=1),
         signs(operator="a", title="A")],
        NOW,
    )  # fmt: skip
    assert [each.operator for _, each in found] == ["c", "a", "b"]
    assert states.counts(word for word, _ in found) == {State.GAPS: 1, State.WELL: 2}


def test_what_is_usual_moves_from_one_hour_to_the_next():
    assert states.usual(60.0, 120.0, NOW) == pytest.approx(1.5)
    assert states.usual(60.0, 120.0, NOW.replace(minute=0)) == pytest.approx(1.0)
    assert states.usual(None, 120.0, NOW) == pytest.approx(2.0)
    assert states.usual(None, None, NOW) is None


def test_the_rate_is_of_the_window():
    told = signs(fresh=30, window=timedelta(minutes=15), usual=4.0)
    assert (told.per_minute, told.share) == (2.0, 0.5)
    assert signs(fresh=30).per_minute == 0.5
    assert signs().share is None
