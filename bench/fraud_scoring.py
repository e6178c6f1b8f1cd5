"""Scoring over HTTP: how long a question takes, and what ingestion costs with scoring on."""

import http.client
import multiprocessing
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import numpy as np
import psycopg
import redis
from numpy.typing import NDArray

from bench.histories import simulated
from bench.load import send
from bench.served import Served, served
from fraud.scoring.decide import FEATURES_VERSION
from fraud.training.learn import learn
from fraud.training.train import train
from simulation.adfraud import traffic

Row = dict[str, Any]
Floats = NDArray[np.float64]
SECONDS = float(os.environ.get("BENCH_SCORING_SECONDS", "60"))
RATE, CLIENTS = 200.0, 4
BATCH, BATCHES, ROUNDS = 100, 150, 3
_POLICY = """
INSERT INTO "{0}".fraud_scoring_policy (id, "on", review, block, thresholds)
VALUES (1, %s, 60, 80, '{{}}') ON CONFLICT (id) DO UPDATE SET "on" = excluded."on"
"""
_MODEL = """
INSERT INTO "{0}".fraud_model (digest, family, state, features_version, registered_at, promoted_at,
                               figures, learned_from, artefact)
VALUES (%s, 'trees', 'champion', %s, %s, %s, '{{}}', '{{}}', %s)
"""
PEOPLE = 1_500
_NOTICED = 6.0
"""Seconds until every process has noticed another policy."""


def _events(people: int, seed: int) -> list[dict[str, Any]]:
    """The simulator's events, of the last day."""
    start = datetime.now(UTC) - timedelta(days=3)
    return [told.event for told in traffic(seed=seed, start=start, people=people, days=0.5)]


def _champion(place: Served) -> None:
    """Have a model of another simulated market take part in the scores."""
    made = train(learn(simulated(3, PEOPLE)[0]), seed=3, trials=0)
    now = datetime.now(UTC)
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        connection.execute(
            _MODEL.format(place.schema),
            [made.served.version, FEATURES_VERSION, now, now, made.artefact],
        )
    time.sleep(_NOTICED)


def _forget(place: Served) -> None:
    """Drop the states of a tenant that is no more."""
    with redis.Redis.from_url(os.environ["TOUCHSTONE_REDIS_URL"]) as client:
        for key in client.scan_iter(f"features:{place.schema}:*", count=10_000):
            client.unlink(key)


def _switch(place: Served, on: bool) -> None:
    with psycopg.connect(place.database_url, autocommit=True) as connection:
        connection.execute(_POLICY.format(place.schema), [on])
    time.sleep(_NOTICED)


def latency() -> list[Row]:
    """Questions of one event at 200 a second, beside a day that is already counted."""
    events = _events(1_500, seed=3)
    with served(projector=False) as place:
        _switch(place, True)
        _champion(place)
        bodies = [msgspec.json.encode({"events": events[low : low + BATCH]})
                  for low in range(0, len(events), BATCH)]  # fmt: skip
        send(place, bodies)
        asked = [msgspec.json.encode({"events": [each]}) for each in events[: int(RATE * SECONDS)]]
        context = multiprocessing.get_context("spawn")
        with context.Pool(CLIENTS) as pool:
            parts = [(place, asked[number::CLIENTS], _due(number)) for number in range(CLIENTS)]
            told = [each for part in pool.starmap(_ask, parts) for each in part]
        _forget(place)
    seen = {name: np.array([each[name] for each in told]) for name in told[0]}
    p99 = {name: float(np.quantile(values, 0.99)) for name, values in seen.items()}
    bar = (p99["total"] <= 10 and p99["features"] <= 2 and p99["models"] <= 4
           and p99["explanation"] <= 2)  # fmt: skip
    return [{
        "name": "fraud/latency", "value": round(p99["total"], 2), "unit": "ms p99 in the server",
        "bar": "<= 10, features <= 2, models <= 4, explanation <= 2, at 200/s for 60 s",
        "ok": bar and len(told) >= 0.97 * RATE * SECONDS,
        "peer": f"features {p99['features']:.2f} ms, rules {p99['rules']:.2f} ms, models"
        f" {p99['models']:.2f} ms, explanation {p99['explanation']:.2f} ms; median"
        f" {float(np.median(seen['total'])):.2f} ms; seen by the client {p99['client']:.1f} ms p99;"
        f" {len(told) / SECONDS:.0f}/s, each when it falls due (Poisson)",
        "n": len(told),
    }]  # fmt: skip


def _due(client: int) -> Floats:
    """When a client asks, in seconds: independently of the others, as people do."""
    gaps = np.random.default_rng([9, client]).exponential(CLIENTS / RATE, int(2 * RATE * SECONDS))
    due = np.cumsum(gaps)
    found: Floats = due[due < SECONDS]
    return found


def _ask(place: Served, bodies: list[bytes], due: Floats) -> list[Any]:
    """One client: a question when it is due, on one connection."""
    connection = http.client.HTTPConnection(place.host, place.port, timeout=30)
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    began, told = time.monotonic(), []
    for number, moment in enumerate(due.tolist()):
        time.sleep(max(began + moment - time.monotonic(), 0.0))
        start = time.perf_counter()
        connection.request("POST", "/api/v1/fraud/score", bodies[number % len(bodies)], headers)
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != 200:
            raise RuntimeError(content.decode())
        spent = msgspec.json.decode(content)["latency_ms"]
        told.append({**spent, "client": 1e3 * (time.perf_counter() - start)})
    return told


def ingestion() -> Row:
    """The same kind of batches with scoring off and on in turn, two clients."""
    rates: dict[bool, list[float]] = {False: [], True: []}
    with served(projector=False) as place:
        _champion(place)
        for number in range(2 * ROUNDS):
            on = bool(number % 2)
            events = _events(2_200, seed=100 + number)[: 2 * BATCH * BATCHES]
            bodies = [msgspec.json.encode({"events": events[low : low + BATCH]})
                      for low in range(0, len(events), BATCH)]  # fmt: skip
            _switch(place, on)
            rates[on].append(_rate(place, [bodies[::2], bodies[1::2]], on=on))
        _forget(place)
    off, on_ = float(np.median(rates[False])), float(np.median(rates[True]))
    return {
        "name": "fraud/ingestion", "value": round(on_ / off, 3),
        "unit": "x the rate with scoring off",
        "bar": ">= 0.5", "ok": on_ / off >= 0.5,
        "peer": f"{on_:.0f} events/s with every event scored by rules and trees, {off:.0f} without;"
        f" batches of {BATCH}, medians of {ROUNDS}",
        "n": 2 * ROUNDS * 2 * BATCH * BATCHES,
    }  # fmt: skip


def _rate(place: Served, parts: list[list[bytes]], *, on: bool) -> float:
    """Events a second that a client per part gets in; raises where not each was scored."""
    with multiprocessing.get_context("spawn").Pool(len(parts)) as pool:
        sent = pool.starmap(_send, [(place, part) for part in parts])
    began, ended, accepted, scored = zip(*sent, strict=True)
    if on != (sum(scored) > 0) or (on and sum(scored) < sum(accepted)):
        raise RuntimeError(f"{sum(scored)} of {sum(accepted)} events were scored")
    span = float(max(ended) - min(began))
    return float(sum(accepted) / span)


def _send(place: Served, bodies: list[bytes]) -> tuple[float, float, int, int]:
    """When it began and ended, how many events were taken, how many scored."""
    connection = http.client.HTTPConnection(place.host, place.port, timeout=60)
    headers = {"Authorization": f"Bearer {place.key}", "Content-Type": "application/json"}
    accepted, scored, began = 0, 0, time.monotonic()
    for each in bodies:
        connection.request("POST", "/api/v1/events", each, headers)
        told = msgspec.json.decode(connection.getresponse().read())
        accepted, scored = accepted + told["accepted"], scored + len(told["scores"])
    return began, time.monotonic(), accepted, scored


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "fraud/ingestion": ingestion,
    "fraud/latency": latency,
}
