"""Empty hours, against a walk through all of them."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from regulator.feeds.timeline import LEAST, silences

SINCE = datetime(2026, 11, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@given(st.sets(st.integers(0, 60)), st.integers(0, 50))
def test_it_finds_every_stretch_of_empty_hours_once(played, hours):
    until = SINCE + hours * HOUR + timedelta(minutes=20)

    found = silences([SINCE + each * HOUR for each in played], since=SINCE, until=until)

    runs, run = [], []
    for hour in [*range(hours), None]:
        if hour is not None and hour not in played:
            run.append(hour)
        elif run:
            runs.append(run)
            run = []
    expected = [
        (SINCE + each[0] * HOUR, SINCE + (each[-1] + 1) * HOUR)
        for each in runs
        if len(each) >= LEAST
    ]
    assert found == expected
