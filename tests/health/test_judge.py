"""How a part is, from what was seen of it."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.contracts import BROKEN, Limits, Reading, State
from health.judge import part, state_of, worst

LIMITS = Limits(oldest_seconds=10, idle_seconds=20)


@pytest.mark.parametrize(
    ("reading", "state"),
    [
        (Reading(), State.WORKING),
        (Reading(waiting=5, oldest_seconds=2), State.WORKING),
        (Reading(waiting=5, oldest_seconds=60, idle_seconds=1), State.BEHIND),
        (Reading(waiting=5, oldest_seconds=60, idle_seconds=40), State.STALLED),
        (Reading(waiting=5, oldest_seconds=2, idle_seconds=4000), State.WORKING),
        (Reading(idle_seconds=40), State.STALLED),
        (Reading(idle_seconds=4), State.WORKING),
        (Reading(away=True), State.AWAY),
        (Reading(unseen=True, idle_seconds=4000), State.UNKNOWN),
    ],
)
def test_it_tells_late_from_stalled_and_quiet_from_dead(reading, state):
    assert state_of(reading, LIMITS) is state


@given(
    st.builds(
        Reading,
        waiting=st.integers(0, 10**9),
        oldest_seconds=st.floats(0, 1e9),
        idle_seconds=st.none() | st.floats(0, 1e9),
        away=st.booleans(),
        unseen=st.booleans(),
    )
)
def test_it_gives_advice_exactly_where_something_is_to_be_done(reading):
    since = datetime(2026, 11, 25, tzinfo=UTC)
    found = part(
        name="x", label="X", reading=reading, limits=LIMITS, advice="Do this.", since=since
    )
    assert bool(found.advice) == (found.state is not State.WORKING)
    assert (found.since is not None) == (found.state in BROKEN)


def test_the_whole_is_as_its_worst_part():
    assert worst([State.WORKING, State.STALLED, State.BEHIND]) is State.STALLED
    assert worst([]) is State.WORKING
