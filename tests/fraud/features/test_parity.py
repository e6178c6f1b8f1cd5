"""Every feature of a simulated day, live and from the log, to the same bits."""

import uuid

import numpy as np
import redis
from django.conf import settings

from fraud.features import ENTITIES, FEATURES, gather, table, wanted
from ml.features import Online, Replay
from simulation.adfraud import traffic
from tests.fraud.arriving import NOW


def test_it_reads_a_day_the_same_live_and_from_the_log(sightings):
    seen = sightings([told.event for told in traffic(seed=12, start=NOW, people=120, false=0.5)])
    prefix = f"test-{uuid.uuid4().hex}:"
    with redis.Redis.from_url(settings.REDIS_URL) as client:
        live, replay = Online(client, ENTITIES, prefix=prefix, wanted=wanted()), Replay(ENTITIES)
        for low in range(0, len(seen), 90):
            happening, columns = gather(seen[low : low + 90])
            online = FEATURES.matrix(table(columns, live.observe(happening)[0]))
            offline = FEATURES.matrix(table(columns, replay.observe(happening)[0]))
            assert np.array_equal(online, offline, equal_nan=True)
        client.unlink(*client.scan_iter(f"{prefix}*", count=10_000))


def test_what_features_read_is_known_by_looking():
    found = wanted()

    assert set(found) <= set(ENTITIES.names)
    assert 0 < sum(map(len, found.values())) < len(ENTITIES.names) * 20
