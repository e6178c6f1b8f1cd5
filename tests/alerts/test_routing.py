"""Who hears of what, and when: quiet hours across midnight and across the clocks' changes."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.contracts import Reason, Severity
from alerts.routing import Quiet, Wants, awake, wanted, when

NIGHT = Quiet(begins=time(22), ends=time(7), zone="Europe/Berlin")
MOMENTS = st.integers(0, 31_000_000).map(lambda s: datetime.fromtimestamp(1_767_225_600 + s, UTC))
TIMES = st.integers(0, 1_439).map(lambda minutes: time(minutes // 60, minutes % 60))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("2026-07-01 12:00", "2026-07-01 12:00"),
        ("2026-07-01 19:59", "2026-07-01 19:59"),  # 21:59 in Berlin
        ("2026-07-01 20:00", "2026-07-02 05:00"),
        ("2026-07-02 04:59", "2026-07-02 05:00"),
        ("2026-07-02 05:00", "2026-07-02 05:00"),
        ("2026-10-24 23:00", "2026-10-25 06:00"),  # the night the clocks go back
        ("2026-03-28 23:00", "2026-03-29 05:00"),  # the night they go forward
    ],
)
def test_it_waits_for_the_morning_by_the_clocks_of_its_place(said, told):
    at = datetime.fromisoformat(said).replace(tzinfo=UTC)
    assert awake(at, NIGHT) == datetime.fromisoformat(told).replace(tzinfo=UTC)


@given(MOMENTS, TIMES, TIMES, st.sampled_from(["UTC", "Asia/Kolkata", "Pacific/Kiritimati"]))
def test_nobody_is_disturbed_in_quiet_hours_nor_told_later_than_their_end(at, begins, ends, zone):
    quiet = Quiet(begins=begins, ends=ends, zone=zone)
    told = awake(at, quiet)
    assert at <= told < at + timedelta(days=1)
    assert awake(told, quiet) == told
    if told > at:
        assert told.astimezone(ZoneInfo(zone)).time() == ends


def test_what_is_critical_is_told_at_night():
    wants = Wants(lowest=Severity.INFO, quiet=NIGHT)
    night = datetime(2026, 7, 1, 23, tzinfo=UTC)
    assert when(wants, severity=Severity.CRITICAL, now=night) == night
    assert when(wants, severity=Severity.WARNING, now=night) > night


def test_an_escalation_waits():
    wants = Wants(lowest=Severity.INFO, after=timedelta(minutes=30))
    now = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert when(wants, severity=Severity.WARNING, now=now) == now + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("wants", "hears"),
    [
        (Wants(lowest=Severity.WARNING), True),
        (Wants(lowest=Severity.CRITICAL), False),
        (Wants(lowest=Severity.INFO, kinds="fraud."), True),
        (Wants(lowest=Severity.INFO, kinds="rule."), False),
    ],
)
def test_it_hears_of_its_severity_and_kinds(wants, hears):
    found = wanted(wants, kind="fraud.publisher", severity=Severity.WARNING, reason=Reason.RAISED)
    assert found is hears


def test_an_escalation_hears_of_no_end():
    wants = Wants(lowest=Severity.INFO, after=timedelta(minutes=5))
    assert not wanted(wants, kind="rule.events", severity=Severity.WARNING, reason=Reason.RESOLVED)
