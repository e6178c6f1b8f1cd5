"""The features: how many, with what words, and that each is a number about its event."""

from collections import Counter
from datetime import UTC, datetime

import numpy as np
import pytest

from fraud.features import ENTITIES, FEATURES, gather, table
from ml.features import Replay
from simulation.adfraud import traffic

NOW = datetime(2026, 3, 10, tzinfo=UTC)
ATLEAST = {
    "temporal": 20, "device": 30, "network": 25, "behavioural": 40, "source": 20, "aggregates": 15
}  # fmt: skip


@pytest.fixture(scope="module")
def day():
    return [told.event for told in traffic(seed=3, start=NOW, people=300)]


@pytest.fixture
def matrix(day, sightings):
    happening, columns = gather(sightings(day))
    readings, _ = Replay(ENTITIES).observe(happening)
    return FEATURES.matrix(table(columns, readings))


def test_there_are_as_many_as_promised_in_each_group():
    found = Counter(feature.group for feature in FEATURES)

    assert len(FEATURES) >= 150
    assert all(found[group] >= least for group, least in ATLEAST.items())


def test_each_says_what_it_is():
    for feature in FEATURES:
        assert feature.doc.endswith(".")
        assert feature.unit
        assert feature.window


def test_each_is_known_of_some_event(matrix):
    """Without a database of addresses nobody knows countries and places."""
    unknown = {name for name, column in zip(FEATURES.names, matrix.T, strict=True)
               if np.isnan(column).all()}  # fmt: skip

    assert unknown <= {
        "asn", "country", "reputation", "moved_km", "moved_kmh", "zone_off_place",
        "region_differs", "limited", "plugins", "fonts", "headless", "webdriver", "debugger",
        "scroll_speed", "form_seconds", "keys", "key_interval_variation", "pastes", "backs",
        "turns",
    } | {f"{name}_fraud_rate" for name in ()}  # fmt: skip


def test_none_is_infinite(matrix):
    assert not np.isinf(matrix).any()


def test_order_of_features_is_the_order_of_columns(day, sightings, matrix):
    happening, columns = gather(sightings(day))
    readings, _ = Replay(ENTITIES).observe(happening)
    place = FEATURES.names.index("hour_utc")

    assert np.array_equal(matrix[:, place], columns["hour"])
    assert readings.shape == (len(day), len(ENTITIES.names), readings.shape[2])
