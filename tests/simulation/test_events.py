"""The simulated market as events: valid, unique, in order, stitched across devices."""

from datetime import date, datetime

import msgspec
import pytest

from eventlog import catalogue
from ingest.wire import Incoming
from simulation import events
from simulation.advertiser import NORTHWIND, simulate

SIMULATION = simulate(NORTHWIND, seed=3, start=date(2026, 9, 1), days=30, touches=6_000)


@pytest.fixture(scope="module")
def stream():
    return list(events.native(SIMULATION))


def test_it_gives_as_many_events_as_it_says(stream):
    assert len(stream) == events.count(SIMULATION)


def test_it_gives_each_event_an_id_of_its_own_that_stays(stream):
    ids = [each["id"] for each in stream]
    assert len(set(ids)) == len(ids)
    assert [each["id"] for each in events.native(SIMULATION)] == ids


def test_it_writes_what_the_collector_reads(stream):
    for each in stream:
        incoming = msgspec.convert(each, Incoming)
        assert catalogue.known(incoming.type), incoming.type
        assert datetime.fromisoformat(each["timestamp"]).tzinfo is not None


def test_it_is_in_order_of_time_but_for_the_costs(stream):
    times = [each["timestamp"] for each in stream if each["type"] != "spend.recorded"]
    parsed = [datetime.fromisoformat(each) for each in times]
    assert parsed == sorted(parsed)


def test_it_identifies_some_people_on_two_devices(stream):
    devices: dict[str, set[str]] = {}
    for each in stream:
        if each["type"] == "user.identified":
            devices.setdefault(each["user_id"], set()).add(each["anonymous_id"])
    assert any(len(each) == 2 for each in devices.values())


def test_it_tells_campaigns_by_the_address(stream):
    urls = [each["context"]["page"]["url"] for each in stream if each["type"] == "web.page"]
    assert any("utm_campaign=brand" in url and "gclid=" in url for url in urls)


def test_it_tells_pages_searches_and_keywords_by_the_address(stream):
    pages = [each["context"]["page"] for each in stream if each["type"] == "web.page"]
    assert any("/search?q=" in page["url"] and "Search: " in page["title"] for page in pages)
    assert any("utm_term=northwind" in page["url"] for page in pages)
    assert any("/sale" in page["url"] for page in pages)


def test_it_follows_links_within_the_site(stream):
    """Such pages are no arrivals: their referrer is the site itself."""
    site = NORTHWIND.site
    inside = [
        each
        for each in stream
        if each["type"] == "web.page"
        and each["context"]["page"].get("referrer", "").startswith(site)
    ]
    assert len(inside) > 2_000
    assert not any("utm_" in each["context"]["page"]["url"] for each in inside)


def test_it_mentions_the_code_of_an_order(stream):
    orders = [each["properties"] for each in stream if each.get("name") == "Order Completed"]
    assert 0.1 < sum("coupon" in each for each in orders) / len(orders) < 0.5


def test_it_reports_every_cost_once(stream):
    cost = sum(each["properties"]["cost"] for each in stream if each["type"] == "spend.recorded")
    assert cost == pytest.approx(SIMULATION.spend.cost.sum())


def test_it_lists_touches_as_an_export_would():
    rows = list(events.touch_rows(SIMULATION))
    assert len(rows) == len(SIMULATION.touches.at)
    assert set(rows[0]) == {"customer_id", "time", "interaction", "channel", "campaign"}
