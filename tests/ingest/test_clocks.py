"""Senders with wrong clocks: times are corrected, and a retry stays the same event."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from eventlog import read
from ingest import clocks
from kernel import clock

NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
AHEAD = timedelta(days=400)


@given(st.floats(-(10**9), 10**9).map(lambda seconds: NOW + timedelta(seconds=seconds)))
def test_it_adds_what_the_clock_is_off_unless_that_may_be_the_way(sent):
    skew = clocks.skew(sent, NOW)
    assert abs(sent + skew - NOW) <= clocks.BELIEVED
    assert not skew or sent + skew == NOW


def test_it_reads_a_clock_without_zone_as_utc_and_believes_none_beyond_the_calendar():
    assert clocks.skew(None, NOW) == timedelta(0)
    assert clocks.skew(datetime(2026, 11, 25, 11), NOW) == timedelta(hours=1)  # noqa: DTZ001
    east = datetime.fromisoformat("0001-01-01T00:00:00+14:00")
    assert clocks.skew(east, NOW) == timedelta(0)


@pytest.fixture
def send(acme_key):
    """Send a body by a path; gives the answer's document."""

    def by(path, body):
        answer = Client().post(
            path,
            json.dumps(body),
            content_type="application/json",
            headers={"authorization": f"Bearer {acme_key}"},
        )
        assert answer.status_code == 200, answer.content
        return answer.json()

    return by


def stored(acme, as_tenant):
    with as_tenant(acme):
        return [each for each in read.latest(limit=20) if each.type == "custom.tracked"]


def body(path, off, before=timedelta(minutes=10)):
    """An event of ten minutes ago, by a clock that is ``off``."""
    sent = clock.now() + off
    moment, sent = (sent - before).isoformat(), sent.isoformat()
    message = {"messageId": "m1", "anonymousId": "a", "event": "X", "timestamp": moment}
    if path == "/api/v1/events":
        event = {"id": "m1", "type": "custom.tracked", "anonymous_id": "a", "name": "X"}
        return {"events": [event | {"timestamp": moment}], "sent_at": sent}
    if path == "/v1/batch":
        return {"batch": [message | {"type": "track"}], "sentAt": sent}
    return message | {"sentAt": sent}


PATHS = ["/api/v1/events", "/v1/batch", "/v1/track"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("off", [AHEAD, -AHEAD, timedelta(hours=-3)], ids=str)
def test_an_event_of_a_wrong_clock_gets_our_time(send, acme, as_tenant, path, off):
    send(path, body(path, off))
    [event] = stored(acme, as_tenant)
    assert abs(clock.now() - timedelta(minutes=10) - event.occurred_at) < timedelta(minutes=2)


def test_a_clock_that_is_about_right_is_believed(send, acme, as_tenant):
    told = body("/api/v1/events", timedelta(seconds=50))
    send("/api/v1/events", told)
    [event] = stored(acme, as_tenant)
    assert event.occurred_at == datetime.fromisoformat(told["events"][0]["timestamp"])


@pytest.mark.parametrize("path", PATHS)
def test_a_retry_with_a_later_clock_stays_the_same_event(send, acme, as_tenant, path):
    told = body(path, AHEAD)
    send(path, told)
    key = "sent_at" if "sent_at" in told else "sentAt"
    later = datetime.fromisoformat(told[key]) + timedelta(minutes=30)
    send(path, told | {key: later.isoformat()})
    assert len(stored(acme, as_tenant)) == 1


def test_a_retry_that_was_long_on_its_way_is_the_event_it_repeats(send, acme, as_tenant):
    told = body("/api/v1/events", timedelta(0))
    send("/api/v1/events", told)
    late = (clock.now() - timedelta(minutes=30)).isoformat()
    answer = send("/api/v1/events", told | {"sent_at": late})
    assert answer["duplicates"] == 1
    assert len(stored(acme, as_tenant)) == 1


@pytest.mark.parametrize("sent_at", ["yesterday", 5, {}, None])
def test_a_clock_that_can_not_be_read_costs_nothing(send, acme, as_tenant, sent_at):
    send("/api/v1/events", body("/api/v1/events", timedelta(0)) | {"sent_at": sent_at})
    send("/v1/track", body("/v1/track", timedelta(0)) | {"messageId": "m2", "sentAt": sent_at})
    assert len(stored(acme, as_tenant)) == 2
