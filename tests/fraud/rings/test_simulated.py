"""Traffic of a device farm, as it comes in, is a ring; honest traffic is none."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from attribution import handlers
from eventlog import read
from fraud.cases import projection
from fraud.rings import queries
from simulation.adfraud import Scheme, traffic
from tests.sending import post_events

START = datetime(2026, 11, 20, tzinfo=UTC)
LATER = START + timedelta(days=5)
BATCH = 100


def arrive(key, tenant, as_tenant, **how):
    """Send what the simulator tells of a day, and project its decisions."""
    told = traffic(seed=23, start=START, **how)
    for low in range(0, len(told), BATCH):
        post_events(key, *(each.event for each in told[low : low + BATCH]))
    with as_tenant(tenant):
        events = list(reversed(read.latest(limit=5_000)))
        handlers.handle([each for each in events if each.type == "ad.click"])
        projection.handle(events)
    return told


def test_a_device_farm_is_found_with_its_devices_and_its_publisher(acme_key, scoring, as_tenant):
    told = arrive(acme_key, scoring, as_tenant, people=20, false=30.0,
                  schemes=[Scheme.DEVICE_FARM])  # fmt: skip
    shelves = Counter(
        each.event["context"]["ip"] for each in told if each.scheme is Scheme.DEVICE_FARM
    )

    with as_tenant(scoring):
        found = queries.found(now=LATER)
        names = queries.publisher_names({each for ring in found.rings
                                         for each, _ in ring.publishers})  # fmt: skip

    assert 1 <= len(found.rings) <= len(shelves)
    for ring in found.rings:
        assert ring.addresses == 1
        assert ring.devices >= 5
        assert ring.kinds[0][0] == Scheme.DEVICE_FARM
        assert [names[each] for each, _ in ring.publishers] == ["farmhouse"]


@pytest.mark.usefixtures("scoring")
def test_honest_traffic_makes_no_ring(acme_key, acme, as_tenant):
    arrive(acme_key, acme, as_tenant, people=150, schemes=[])

    with as_tenant(acme):
        assert queries.found(now=LATER).rings == ()
