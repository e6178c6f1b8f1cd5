"""What is read of an event."""

from datetime import UTC, datetime, timedelta

import msgspec
import numpy as np
import pytest

from fraud.features import ENTITIES, FEATURES, gather, sight, table
from fraud.features.sighting import _hashed, identity
from fraud.features.words import agent_differs, code, offset_hours, region_differs, version
from ingest.steps import encode
from ml.features import NOBODY, Replay
from ml.features.layout import LARGEST_ID
from simulation.adfraud import traffic
from tests.fraud.arriving import NOW, composed


def click(who="ann", at="2026-03-10T10:00:00Z", **context):
    return {
        "type": "ad.click", "timestamp": at, "anonymous_id": who, "context": context,
        "properties": {"touch": {"channel": "Display", "source": "alderads", "campaign": "autumn"}},
    }  # fmt: skip


def install(who="ann", at="2026-03-10T10:00:05Z", **context):
    return {
        "type": "conversion.recorded", "timestamp": at, "anonymous_id": who, "context": context,
        "properties": {"conversion_type": "install"},
    }  # fmt: skip


def features(sightings, *events):
    """By name, the features of the last event."""
    happening, columns = gather(sightings(events))
    readings, _ = Replay(ENTITIES).observe(happening)
    return dict(zip(FEATURES.names, FEATURES.matrix(table(columns, readings))[-1], strict=True))


def test_it_times_an_install_from_its_click(sightings):
    found = features(sightings, click(), install())

    assert found["ctit"] == 5.0
    assert np.isnan(features(sightings, click())["ctit"])


def test_it_tells_ips_apart_without_knowing_them(sightings):
    one, other = sightings([click(ip="81.2.69.1"), click(ip="81.2.70.1")])
    ip, network = ENTITIES.place("ip"), ENTITIES.place("network")

    assert one.ids[ip] != other.ids[ip]
    assert one.ids[network] != other.ids[network]
    assert sightings([click(ip="81.2.69.200")])[0].ids[network] == one.ids[network]


def test_it_reads_what_a_stock_library_sends(sightings):
    found = features(
        sightings,
        click(
            os={"name": "Android", "version": "14.2"}, screen={"width": 1080, "height": 2160},
            device={"id": "x", "type": "android", "model": "FP5", "manufacturer": "Fairphone"},
            network={"wifi": True, "carrier": "Example"}, app={"version": "3.2.1"},
            signals={"battery": 0.5, "emulator": True}, timezone="Europe/Berlin",
        ),
    )  # fmt: skip

    assert found["os_version"] == 14.02
    assert found["aspect"] == 2.0
    assert (found["battery"], found["emulator"]) == (0.5, 1.0)
    assert found["hour_local"] == 11.0
    assert found["app_version"] == 3.02


@pytest.mark.parametrize("words", [{}, {"os": 7, "screen": [], "signals": "x", "app": None}])
def test_it_makes_do_with_nothing_and_with_nonsense(sightings, words):
    found = features(sightings, click(**words))

    assert np.isnan(found["os"])
    assert np.isnan(found["battery"])


def test_ids_are_whole_and_small_enough():
    assert identity("ip", "") == NOBODY
    found = identity("ip", "abc")
    assert 0 < found < LARGEST_ID
    assert found == int(found)
    assert found != identity("device", "abc")


@pytest.mark.parametrize(
    ("text", "number"), [("14.2.1", 14.02), ("9", 9.0), ("v3.10", 3.1), ("12.04 LTS", 12.04)]
)
def test_it_reads_versions(text, number):
    assert version(text) == number


def test_it_does_not_read_what_is_no_version():
    assert np.isnan(version(""))
    assert np.isnan(version("beta"))


def test_it_knows_time_zones_and_their_summers():
    assert offset_hours("Europe/Berlin", 0) == 1.0
    assert offset_hours("Europe/Berlin", 24 * 180) == 2.0
    assert np.isnan(offset_hours("../etc", 0))
    assert np.isnan(offset_hours("Mars/Base", 0))


def test_it_sees_contradictions():
    assert region_differs("de-DE", "DE") == 0
    assert region_differs("de-DE", "VN") == 1
    assert agent_differs("desktop", "Android") == 1
    assert agent_differs("mobile", "iOS") == 0
    assert np.isnan(region_differs("de", "DE"))


def test_words_it_does_not_know_are_another():
    assert code("os", "BeOS") == 99.0
    assert np.isnan(code("os", ""))


def test_an_event_reads_the_same_from_the_log():
    """What is scored as it comes is what a replay of the log sees: payloads are JSON."""
    events = [told.event for told in traffic(seed=8, start=NOW, people=40, false=1.0)]
    for draft in composed(events):
        encode._encode(draft, None)

        before = sight(draft.type, draft.subject, draft.body, draft.occurred_at)
        stored = msgspec.json.decode(draft.payload)
        after = sight(draft.type, draft.subject, stored, draft.occurred_at)

        assert (before.ids, before.kind, before.flagged) == (after.ids, after.kind, after.flagged)
        assert np.array_equal(before.said, after.said, equal_nan=True)
        assert np.array_equal(before.place, after.place, equal_nan=True)


def test_nobody_fills_the_memory_with_long_words():
    known = _hashed.cache_info().currsize

    assert identity("campaign", "x" * 30_000) == identity("campaign", "x" * 30_000)
    assert _hashed.cache_info().currsize == known


def test_nobody_travels_from_berlin_to_paris_in_a_minute():
    berlin, paris = [52.5, 13.5], [49.0, 2.5]
    start = datetime(2026, 3, 10, 10, tzinfo=UTC)
    seen = [
        sight(
            "web.page", "a" * 32, {"signals": {"place": place}}, start + timedelta(minutes=minute)
        )
        for minute, place in ((0, berlin), (60, paris))
    ]
    happening, columns = gather(seen)
    readings, _ = Replay(ENTITIES).observe(happening)

    found = FEATURES.matrix(table(columns, readings))[1]

    named = dict(zip(FEATURES.names, found, strict=True))
    assert named["moved_km"] == pytest.approx(867, abs=10)  # great circle
    assert named["moved_kmh"] == pytest.approx(named["moved_km"])
