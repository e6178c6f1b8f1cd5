"""Both engines over the same day: every feature of every event to the same bits.

The day is the simulator's, taken through ingestion's own steps. Beside it: what each engine takes.
"""

import os
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import django
import numpy as np
import redis

from bench.ingested import ingested
from fraud.features import ENTITIES, FEATURES, gather, sight, table, wanted
from fraud.features.sighting import Sighting
from ml.features import Online, Replay
from simulation.adfraud import traffic

Row = dict[str, Any]
EVENTS = int(os.environ.get("BENCH_FEATURES_EVENTS", "200000"))
BATCH = 100
_START = datetime(2026, 3, 10, tzinfo=UTC)
_LATER = _START + timedelta(days=40)
_EVENTS_A_PERSON = 7


def sightings(events: int, *, seed: int) -> list[Sighting]:
    """The first ``events`` of a simulated day, as ingestion hands them on."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    told = traffic(seed=seed, start=_START, people=events // _EVENTS_A_PERSON)
    found = []
    for start in range(0, min(len(told), events), BATCH):
        batch = ingested([each.event for each in told[start : start + BATCH]], _LATER)
        found += [
            sight(draft.type, draft.subject, draft.body, draft.occurred_at)
            for draft in batch.drafts
            if draft.occurred_at is not None
        ]
    return found[:events]


def parity() -> list[Row]:
    """Replay a day in both engines; count what differs."""
    seen = sightings(EVENTS, seed=17)
    client = redis.Redis.from_url(os.environ["TOUCHSTONE_REDIS_URL"])
    prefix = f"bench-{uuid.uuid4().hex}:"
    live, batch = Online(client, ENTITIES, prefix=prefix, wanted=wanted()), Replay(ENTITIES)
    differing, spent, replayed, alone = 0, 0.0, 0.0, []
    try:
        for start in range(0, len(seen), BATCH):
            happening, columns = gather(seen[start : start + BATCH])
            began = time.perf_counter()
            online = FEATURES.matrix(table(columns, live.observe(happening)[0]))
            spent += time.perf_counter() - began
            began = time.perf_counter()
            offline = FEATURES.matrix(table(columns, batch.observe(happening)[0]))
            replayed += time.perf_counter() - began
            same = (online == offline) | (np.isnan(online) & np.isnan(offline))
            differing += int((~same).sum())
        for each in seen[:2_000]:
            began = time.perf_counter()
            happening, columns = gather([each])
            FEATURES.matrix(table(columns, live.observe(happening, counting=False)[0]))
            alone.append(time.perf_counter() - began)
        memory = client.info("memory")["used_memory"]
    finally:
        for key in client.scan_iter(f"{prefix}*", count=10_000):
            client.delete(key)
    return [
        {
            "name": "fraud/parity", "value": differing, "unit": "features that differ",
            "bar": "0 of a day of 200,000 events", "ok": differing == 0 and len(seen) >= 200_000,
            "peer": f"{len(FEATURES)} features; online {len(seen) / spent:.0f} events/s in batches "
            f"of {BATCH}, batch {len(seen) / replayed:.0f}; Redis {memory / 1e6:.0f} MB",
            "n": len(seen) * len(FEATURES),
        },
        {
            "name": "fraud/latency features",
            "value": round(1e3 * float(np.quantile(alone, 0.99)), 2),
            "unit": "ms p99", "bar": "<= 2, one event at a time",
            "ok": bool(np.quantile(alone, 0.99) <= 0.002),
            "peer": f"median {1e3 * float(np.median(alone)):.2f} ms, Redis included",
            "n": len(alone),
        },
    ]  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"fraud/parity": parity}
