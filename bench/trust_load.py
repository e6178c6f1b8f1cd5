"""Half an hour at 60 % of the peak: no error, no growth of memory, figures current.

The peak is what all stages together sustain: the highest rate at which the read models stay less
than a second behind.
"""

import http.client
import multiprocessing
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing.sharedctypes import Synchronized
from pathlib import Path
from typing import Any

import psycopg

from bench.cluster import Cluster, cluster
from bench.load import body
from bench.served import Served

Row = dict[str, Any]
BATCH = 100
STEP_SECONDS = 25.0
SETTLE_SECONDS = 300.0
SHARE = 0.6
SECONDS = float(os.environ.get("BENCH_LOAD_SECONDS", "1800"))
_LAG = """
SELECT coalesce((SELECT extract(epoch FROM now() - recorded_at) FROM "{0}".event
                 WHERE (xid, position) > (reader.xid, reader.position)
                 ORDER BY event.xid, event.position LIMIT 1), 0)
FROM "{0}".subscription AS reader WHERE name = 'attribution'
"""


@dataclass(slots=True)
class Watched:
    """What was seen over a stretch of load: lags in seconds, resident megabytes, answers."""

    lags: list[float] = field(default_factory=list)
    memory: list[tuple[float, float]] = field(default_factory=list)
    errors: int = 0
    sent: int = 0

    def growth(self) -> float:
        """How much more stays resident in the last fifth than in the first after settling.

        The least of each: fitting models takes some hundred megabytes for minutes and gives them
        back, which a mean would count as growth where a fit falls into the last fifth.
        """
        settled = [size for at, size in self.memory if at >= min(SETTLE_SECONDS, SECONDS / 3)]
        part = max(len(settled) // 5, 1)
        return min(settled[-part:]) / min(settled[:part]) - 1.0


def load() -> Row:
    """Find the peak in steps, then hold 60 % of it."""
    with cluster() as product:
        product.wait(lambda: product.get("/readyz")[0] == 200)
        # What compiles at first use does so now: the peak is what is sustained.
        seen = _under(product, 500.0, STEP_SECONDS, seed=0)
        peak = 0.0
        for rate in (500, 1_000, 1_500, 2_000, 3_000, 4_000, 6_000, 8_000):
            seen = _under(product, float(rate), STEP_SECONDS, seed=rate)
            if seen.errors or _late(seen.lags) >= 1.0 or seen.sent < 0.95 * rate * STEP_SECONDS:
                break
            peak = float(rate)
        if not peak:
            return _too_slow(seen)
        # What the step beyond the peak left behind is worked off first.
        product.wait(lambda: _lag(product) < 0.5, seconds=120)
        seen = _under(product, SHARE * peak, SECONDS, seed=1)
    _trace(seen)
    lag, growth = _late(seen.lags), seen.growth()
    return {
        "name": "trust/load", "value": round(100 * growth, 1), "unit": "% growth of memory",
        "bar": "<= 5; no error, lag < 1 s", "n": seen.sent,
        "ok": peak > 0 and growth <= 0.05 and seen.errors == 0 and lag < 1.0,
        "peer": f"{SECONDS:.0f} s at {SHARE * peak:.0f} events/s, 60 % of {peak:.0f}; {seen.errors}"
        f" errors; lag {lag:.2f} s (99.9th of 100), most {max(seen.lags, default=0):.2f} s;"
        f" {seen.memory[-1][1]:.0f} MB at the end, most {max(size for _, size in seen.memory):.0f}",
    }  # fmt: skip


def _too_slow(seen: Watched) -> Row:
    """The row where already the first step was too much."""
    return {
        "name": "trust/load", "value": None, "unit": "% growth of memory",
        "bar": "<= 5; no error, lag < 1 s", "n": seen.sent, "ok": False,
        "peer": f"the first step was too much: {seen.errors} errors, lag {_late(seen.lags):.2f} s",
    }  # fmt: skip


def _lag(product: Cluster) -> float:
    return float(product.query(_LAG.format(product.place.schema))[0][0])


def _trace(seen: Watched) -> None:
    """Every look, for whoever asks when it was that figures were late: seconds, lag, megabytes."""
    if path := os.environ.get("BENCH_LOAD_TRACE"):
        looks = zip(seen.memory, seen.lags, strict=True)
        lines = [f"{at:.1f} {lag:.2f} {size:.0f}\n" for (at, size), lag in looks]
        Path(path).write_text("".join(lines))


def _late(lags: list[float]) -> float:
    ordered = sorted(lags)
    return ordered[int(0.999 * (len(ordered) - 1))] if ordered else 0.0


def _under(product: Cluster, rate: float, seconds: float, *, seed: int) -> Watched:
    """Send at ``rate`` events a second from a process of its own, and look on."""
    context = multiprocessing.get_context("spawn")
    sent, errors = context.Value("q", 0), context.Value("q", 0)
    sender = context.Process(target=_send, args=(product.place, rate, seconds, seed, sent, errors))
    seen, began = Watched(), time.monotonic()
    sender.start()
    with psycopg.connect(product.place.database_url, autocommit=True) as watching:
        while sender.is_alive():
            row = watching.execute(_LAG.format(product.place.schema)).fetchone()
            seen.lags.append(float(row[0]) if row else 0.0)
            seen.memory.append((time.monotonic() - began, _megabytes(product)))
            time.sleep(0.5)
    sender.join()
    seen.sent, seen.errors = sent.value, errors.value
    return seen


def _send(
    place: Served,
    rate: float,
    seconds: float,
    seed: int,
    sent: "Synchronized[int]",
    errors: "Synchronized[int]",
) -> None:
    """The sender's process: batches on one connection, each when it is due."""
    connection = http.client.HTTPConnection(place.host, place.port, timeout=30)
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    began, number = time.monotonic(), 0
    while (due := number * BATCH / rate) < seconds:
        content = body(number * BATCH, BATCH, seed, datetime.now(UTC), passing=True)
        time.sleep(max(began + due - time.monotonic(), 0.0))
        if time.monotonic() - began > seconds:
            return
        try:
            connection.request("POST", "/api/v1/events", content, headers)
            answer = connection.getresponse()
            answer.read()
            errors.value += answer.status != 200
        except OSError:
            errors.value += 1
            connection.close()
        number += 1
        sent.value += BATCH


def _megabytes(product: Cluster) -> float:
    """Resident memory of the product's processes and what they started."""
    total = 0
    for process in product.processes.values():
        total += sum(_resident(pid) for pid in _family(process.pid))
    return total / 1024


def _family(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(each for child in children for each in _family(int(child)))]


def _resident(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    lines = [line for line in status.splitlines() if line.startswith("VmRSS")]
    return int(lines[0].split()[1]) if lines else 0


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"trust/load": load}
