"""Live traffic of the simulated shop: steady, in order, with orders, never the same event twice."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import takewhile

import msgspec
import pytest

from ingest.wire import Incoming
from simulation.market import NORTHWIND
from simulation.traffic import arriving

SINCE = datetime(2026, 11, 20, 3, tzinfo=UTC)


def within(hours, since=SINCE):
    until = since + timedelta(hours=hours)
    return list(takewhile(lambda pair: pair[0] < until, arriving(NORTHWIND, since=since)))


@pytest.fixture(scope="module")
def day_and_a_bit():
    return within(25)


def test_it_is_in_order_and_starts_now(day_and_a_bit):
    moments = [moment for moment, _ in day_and_a_bit]
    assert moments == sorted(moments)
    assert moments[0] - SINCE < timedelta(minutes=2)
    assert all(event["timestamp"] == moment.isoformat() for moment, event in day_and_a_bit)


def test_it_moves_at_every_hour_also_in_the_second_day(day_and_a_bit):
    by_hour = Counter((moment - SINCE) // timedelta(hours=1) for moment, _ in day_and_a_bit)
    assert len(by_hour) == 25
    assert all(300 < count < 2_500 for count in by_hour.values()), by_hour


def test_somebody_buys_within_the_first_half_hour():
    names = Counter(event.get("name") for _, event in within(0.5))
    assert names["Order Completed"] >= 1
    assert names["Signed Up"] <= names["Order Completed"]


def test_it_never_sends_an_event_twice_and_another_start_is_another_crowd(day_and_a_bit):
    ids = [event["id"] for _, event in day_and_a_bit]
    assert len(set(ids)) == len(ids)
    later = {event["id"] for _, event in within(1, SINCE + timedelta(seconds=1))}
    assert later.isdisjoint(ids)
    assert [event["id"] for _, event in within(1)] == ids[: len(within(1))]


def test_it_writes_what_the_collector_reads(day_and_a_bit):
    for _, event in day_and_a_bit[:500]:
        msgspec.convert(event, Incoming)
