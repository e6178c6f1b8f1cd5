"""How soon a conversion has its rule-based credit: sent, projected, and read through the API."""

import http.client
import json
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np

from bench.served import Served, served
from kernel import clock

Row = dict[str, Any]
ROUNDS = 60
HISTORY = 20_000
_PATIENCE = 60.0
_POLL = 0.01
CHANNELS = ("Email", "Paid Search", "Display", "Organic Search")


def credit_delay() -> Row:
    """Seconds from sending a conversion until the report under linear credits it; people wait."""
    rng = np.random.default_rng(9)
    with served(projector=True) as place:
        for low in range(0, HISTORY, 1_000):
            _send(place, [_touch(rng, f"h{rng.integers(5_000)}") for _ in range(low, low + 1_000)])
        _until(place, lambda: _touches(place) >= HISTORY)
        before, delays = _credited(place), []
        for number in range(ROUNDS):
            person = f"b{number}"
            _send(place, [_touch(rng, person), _touch(rng, person)])
            began = time.perf_counter()
            _send(place, [_event("conversion.recorded", person, {"value": 10.0}, 0.0)])
            before += 1
            wanted = before
            _until(place, lambda wanted=wanted: _credited(place) >= wanted)  # type: ignore[misc]  # a default
            delays.append(time.perf_counter() - began)
            time.sleep(0.2)
    p95 = float(np.percentile(delays, 95))
    return {
        "name": "attribution/credit delay", "value": round(p95, 3), "unit": "s p95",
        "bar": "< 1", "ok": p95 < 1,
        "peer": f"median {float(np.median(delays)):.3f} s, worst {max(delays):.3f} s;"
        f" {HISTORY} touches before; asked every {_POLL * 1000:.0f} ms through the API",
        "n": ROUNDS,
    }  # fmt: skip


def _touch(rng: np.random.Generator, person: str) -> dict[str, Any]:
    touch = {"channel": CHANNELS[rng.integers(len(CHANNELS))]}
    return _event("ad.click", person, {"touch": touch}, float(rng.uniform(1, 86_400)))


def _event(kind: str, person: str, properties: dict[str, Any], ago: float) -> dict[str, Any]:
    moment = clock.now() - timedelta(seconds=ago)
    return {
        "type": kind, "anonymous_id": person, "timestamp": moment.isoformat(),
        "properties": properties,
    }  # fmt: skip


def _send(place: Served, events: list[dict[str, Any]]) -> None:
    answer = _ask(place, "POST", "/api/v1/events", json.dumps({"events": events}))
    if answer["accepted"] != len(events):
        raise RuntimeError(f"not all were taken: {answer}")


def _credited(place: Served) -> int:
    conversions: float = _report(place)["conversions"]
    return round(conversions)


def _touches(place: Served) -> int:
    return int(_report(place)["totals"]["touches"])


def _report(place: Served) -> dict[str, Any]:
    return _ask(place, "GET", "/api/v1/attribution?model=linear&intervals=false", None)


def _until(place: Served, holds: Callable[[], bool]) -> None:
    deadline = time.perf_counter() + _PATIENCE
    while not holds():
        if time.perf_counter() > deadline:
            raise RuntimeError("the projection did not come there in time")
        time.sleep(_POLL)


def _ask(place: Served, method: str, path: str, body: str | None) -> dict[str, Any]:
    connection = http.client.HTTPConnection(place.host, place.port, timeout=30)
    try:
        headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    finally:
        connection.close()
    if answer.status != 200:
        raise RuntimeError(f"{path} answered {answer.status}: {content[:300]!r}")
    found: dict[str, Any] = json.loads(content)
    return found


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"attribution/credit delay": credit_delay}
