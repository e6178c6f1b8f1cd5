"""A stream has stopped when too much is missing for it, not when it is quiet as ever."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from health.absence import FORGOTTEN, HOUR, MISSED, SHORTEST, WEEK, Rhythm, judge

MONDAY = datetime(2026, 10, 5, tzinfo=UTC)
profiles = st.lists(st.integers(0, 400), min_size=168, max_size=168).filter(any)
silences = st.integers(0, 20 * 86_400).map(lambda seconds: timedelta(seconds=seconds))


def stream(profile, *, hours=4 * 168, last=None):
    """A stream that came as ``profile`` (per hour of the week, or of the day) says."""
    counts = {
        MONDAY + HOUR * at: profile[at % len(profile)]
        for at in range(hours)
        if profile[at % len(profile)]
    }
    return Rhythm(counts=counts, first=min(counts), last=last or max(counts) + HOUR)


def day(night, noon):
    return [noon if 8 <= hour < 20 else night for hour in range(24)]


def stopped_after(rhythm, **silence):
    return judge(rhythm, now=rhythm.last + timedelta(**silence)).stopped


def test_a_busy_shop_is_told_within_minutes_by_day():
    noon = MONDAY + WEEK * 3 + timedelta(days=2, hours=12, minutes=20)
    busy = stream(day(0, 600), last=noon)

    assert not stopped_after(busy, seconds=90)
    assert stopped_after(busy, seconds=SHORTEST.total_seconds())


def test_a_night_without_events_is_nothing_new():
    evening = MONDAY + WEEK * 3 + timedelta(days=2, hours=20)
    busy = stream(day(0, 600), last=evening)

    assert not stopped_after(busy, hours=12)
    assert stopped_after(busy, hours=12, minutes=2)


def test_a_sunday_without_events_is_nothing_new():
    week = [600] * 144 + [0] * 24
    saturday = MONDAY + WEEK * 3 + timedelta(days=6)

    assert not stopped_after(stream(week, last=saturday), hours=23, minutes=59)
    assert stopped_after(stream(week, last=saturday), hours=24, minutes=5)


def test_the_alarm_waits_for_as_much_as_can_not_be_missing_by_chance():
    rhythm = stream([60])

    assert not stopped_after(rhythm, minutes=9, seconds=50)
    assert stopped_after(rhythm, minutes=10, seconds=10)


def test_a_thin_stream_is_compared_with_its_longest_silence():
    rhythm = stream([1] + [0] * 23, hours=4 * 168)
    sparse = Rhythm(
        counts=dict.fromkeys(list(rhythm.counts)[::2], 3), first=rhythm.first, last=rhythm.last
    )

    assert judge(sparse, now=sparse.last + HOUR).longest == timedelta(hours=49)
    assert not stopped_after(sparse, hours=97)
    assert stopped_after(sparse, hours=99)


def test_a_young_stream_has_no_rhythm_yet():
    assert not stopped_after(stream([600], hours=71), hours=5)
    assert stopped_after(stream([600], hours=74), hours=5)


def test_one_lost_hour_does_not_make_it_deaf_for_good():
    rhythm = stream([600])
    holed = {
        hour: n for hour, n in rhythm.counts.items() if hour != max(rhythm.counts) - WEEK + HOUR
    }

    assert stopped_after(Rhythm(counts=holed, first=rhythm.first, last=rhythm.last), minutes=65)


def test_a_stream_that_was_ended_is_left_alone():
    assert stopped_after(stream([600]), days=13)
    assert not stopped_after(stream([600]), seconds=FORGOTTEN.total_seconds())


@given(profiles)
def test_a_stream_that_goes_on_as_ever_never_alarms(profile):
    """The silences it is used to: the next event comes in the next hour that has any."""
    rhythm = stream(profile)
    busy = sorted(rhythm.counts)
    for before, after in zip(busy[-170:], busy[-169:], strict=False):
        if after - before > HOUR:
            at = Rhythm(counts=rhythm.counts, first=rhythm.first, last=before + HOUR)
            assert not judge(at, now=after).stopped


@given(profiles, silences, silences)
def test_more_silence_never_takes_an_alarm_back(profile, one, other):
    rhythm = stream(profile)
    short, long = sorted((one, other))
    first, second = (judge(rhythm, now=rhythm.last + each) for each in (short, long))

    assert first.missed <= second.missed
    assert second.stopped or not first.stopped or long >= FORGOTTEN


@given(profiles, silences, st.integers(1, 500))
def test_it_depends_on_the_week_not_on_the_date(profile, silence, weeks):
    rhythm = stream(profile)
    moved = Rhythm(
        counts={hour + WEEK * weeks: n for hour, n in rhythm.counts.items()},
        first=rhythm.first + WEEK * weeks,
        last=rhythm.last + WEEK * weeks,
    )

    assert judge(moved, now=moved.last + silence) == judge(rhythm, now=rhythm.last + silence)


@given(st.integers(1, 10_000))
def test_a_steady_stream_is_told_after_ten_missing(rate):
    rhythm = stream([rate])
    due = max(HOUR * MISSED / rate, SHORTEST)

    assert stopped_after(rhythm, seconds=due.total_seconds() + 1)


@pytest.mark.parametrize("seconds", [0, -3600])
def test_a_clock_behind_the_last_event_is_no_silence(seconds):
    assert not stopped_after(stream([600]), seconds=seconds)
