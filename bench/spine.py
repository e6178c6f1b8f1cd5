"""The spine's rows that need a served product: ingestion, single-event latency, freshness."""

import threading
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np
import psycopg

from bench import load
from bench.served import Served, served

Row = dict[str, Any]
SIZE = 500


def _copy_rate(place: Served, rows: int) -> float:
    """Rows per second of bare COPYs of ``SIZE`` rows into the log's own table, one connection.

    The rows are what the pipeline stored (read back as COPY text), under new ids; as many as the
    pipeline takes in its turn, so that both meet the same disk.
    """
    others = "type, version, subject, occurred_at, recorded_at, source, payload, sealed, leaf"
    with psycopg.connect(place.database_url) as connection:
        connection.execute(f'SET search_path = "{place.schema}", public')
        with connection.cursor() as cursor:
            with cursor.copy(
                f"COPY (SELECT gen_random_uuid(), {others} FROM event LIMIT {rows}) TO STDOUT"
            ) as copy:
                lines = [bytes(line) for line in copy]
            connection.commit()
            blocks = [b"".join(lines[i : i + SIZE]) for i in range(0, len(lines), SIZE)]
            began = time.perf_counter()
            for block in blocks:
                with cursor.copy(f"COPY event (id, {others}) FROM STDIN") as copy:
                    copy.write(block)
                connection.commit()
            return len(lines) / (time.perf_counter() - began)


def ingestion() -> list[Row]:
    """Two clients, batches of 500, whole pipeline, against bare COPY into the same hypertable."""
    with served(projector=False) as place:
        load.clients(place, count=2, batches=100, size=SIZE, seed=10)  # warm, and rows to copy
        ratios, rates, copies = [], [], []
        for attempt in range(5):
            copies.append(_copy_rate(place, 100_000))
            sent = load.clients(place, count=2, batches=100, size=SIZE, seed=100 + 10 * attempt)
            span = max(each.ended for each in sent) - min(each.began for each in sent)
            rates.append(sum(each.accepted for each in sent) / span)
            ratios.append(rates[-1] / copies[-1])
        (single,) = load.clients(place, count=1, batches=1_000, size=1, seed=900)
    p99 = float(np.percentile(np.array(single.latencies) * 1000, 99))
    value = median(ratios)
    return [
        {
            "name": "spine/ingestion", "value": round(value, 3), "unit": "x raw COPY rate",
            "bar": ">= 0.5", "ok": value >= 0.5,
            "peer": f"bare COPY {median(copies):.0f} rows/s; pipeline {median(rates):.0f} events/s",
            "n": 500_000,
        },
        {
            "name": "spine/ingestion-single", "value": round(p99, 2), "unit": "ms p99",
            "bar": "<= 20", "ok": p99 <= 20, "peer": None, "n": len(single.latencies),
        },
    ]  # fmt: skip


def freshness(seconds: int = 60) -> Row:
    """A thousand events a second for a minute; how far the projections are behind, all along."""
    with served(projector=True) as place:
        load.clients(place, count=1, batches=1, size=100, seed=49)
        _projected(place)  # the projector has started, which is not what is measured
        lags: list[float] = []
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(place, lags, stop))
        watcher.start()
        load.clients(place, count=1, batches=seconds * 10, size=100, every=0.1, seed=50)
        stop.set()
        watcher.join()
    worst = max(lags)
    return {
        "name": "spine/freshness", "value": round(worst, 3), "unit": "s, worst lag", "bar": "< 1",
        "ok": worst < 1, "peer": f"median {median(lags):.3f} s over {len(lags)} samples",
        "n": seconds * 1_000,
    }  # fmt: skip


def _projected(place: Served) -> None:
    """Wait until the projector has read what is there."""
    query = f"""
        SELECT NOT EXISTS (SELECT 1 FROM "{place.schema}".event, "{place.schema}".subscription
                           WHERE name = 'attribution' AND (event.xid, event.position) >
                                 (subscription.xid, subscription.position))
               AND EXISTS (SELECT 1 FROM "{place.schema}".subscription WHERE position > 0)
    """
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        for _ in range(600):
            row = connection.execute(query).fetchone()
            if row is not None and row[0]:
                return
            time.sleep(0.1)
    raise RuntimeError("the projector did not start")


def _watch(place: Served, lags: list[float], stop: threading.Event) -> None:
    """Sample the age of the oldest event the attribution projection has not applied yet."""
    query = f"""
        SELECT coalesce(extract(epoch FROM clock_timestamp() - (
            SELECT event.recorded_at FROM "{place.schema}".event,
                   (SELECT coalesce(max(xid), '0'::xid8) AS xid,
                           coalesce(max(position), 0) AS position
                    FROM "{place.schema}".subscription WHERE name = 'attribution') AS reader
            WHERE (event.xid, event.position) > (reader.xid, reader.position)
            ORDER BY event.xid, event.position LIMIT 1)), 0)
    """
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        while not stop.wait(0.1):
            row = connection.execute(query).fetchone()
            lags.append(max(float(row[0]), 0.0) if row else 0.0)


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "spine/ingestion": ingestion,
    "spine/freshness": freshness,
}
