"""A client process for the ingestion rows: prepared requests, one connection, plain sockets.

Bodies are made before the clock starts, so that the client costs the server's cores as little as a
client can.
"""

import http.client
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.synchronize import Barrier

import msgspec
import numpy as np

from bench.served import Served

PAGES_PER_VISITOR = 5
STAYING = 50_000
"""Events of everybody within which a visitor sees his pages."""
CHANNELS = ("google / cpc", "facebook / paid_social", "newsletter / email", "bing / organic")


def body(start: int, size: int, seed: int, now: datetime, *, passing: bool = False) -> bytes:
    """A request of ``size`` page views of about 450 bytes each, ids unique per (seed, start).

    Of 100,000 visitors; of ``passing`` ones, who come and go however long it lasts, each sees about
    five pages.
    """
    rng = np.random.default_rng([seed, start])
    events = []
    for number in range(start, start + size):
        source, medium = CHANNELS[int(rng.integers(len(CHANNELS)))].split(" / ")
        moment = now - timedelta(seconds=float(rng.uniform(0, 3600)))
        events.append(
            {
                "id": f"{seed:08x}-0000-4000-8000-{number:012x}",
                "type": "web.page",
                "timestamp": moment.isoformat().replace("+00:00", "Z"),
                "anonymous_id": f"visitor-{_visitor(number, rng, passing)}",
                "context": {
                    "page": {
                        "url": f"https://shop.example/tents/{number % 97}?utm_source={source}"
                        f"&utm_medium={medium}&utm_campaign=autumn-{number % 7}",
                        "referrer": "https://www.google.com/",
                        "title": "Tents for every weather",
                    },
                    "user_agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
                    "locale": "en-GB",
                },
                "properties": {"category": "tents", "position": number % 12},
            }
        )
    return msgspec.json.encode({"events": events})


def _visitor(number: int, rng: np.random.Generator, passing: bool) -> int:
    if not passing:
        return int(rng.integers(100_000))
    return (number + int(rng.integers(STAYING))) // PAGES_PER_VISITOR


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a client saw: when it began and ended (monotonic), events taken, seconds per request."""

    began: float
    ended: float
    accepted: int
    latencies: list[float]


def send(served: Served, bodies: Sequence[bytes], every: float = 0.0) -> Sent:
    """Send the bodies one after the other on one connection, one each ``every`` seconds at most."""
    connection = http.client.HTTPConnection(served.host, served.port, timeout=60)
    headers = {"Authorization": f"Bearer {served.key}", "Content-Type": "application/json"}
    accepted, latencies = 0, []
    began = time.monotonic()
    for number, each in enumerate(bodies):
        wait = began + number * every - time.monotonic()
        if wait > 0:
            time.sleep(wait)
        start = time.perf_counter()
        connection.request("POST", "/api/v1/events", each, headers)
        answer = connection.getresponse()
        content = answer.read()
        latencies.append(time.perf_counter() - start)
        if answer.status != 200:
            raise RuntimeError(f"{answer.status}: {content[:300]!r}")
        accepted += msgspec.json.decode(content)["accepted"]
    ended = time.monotonic()
    connection.close()
    return Sent(began=began, ended=ended, accepted=accepted, latencies=latencies)


_starting: Barrier | None = None


def _meet(barrier: Barrier) -> None:
    """In each client's process: what it waits at before it sends."""
    global _starting  # noqa: PLW0603  # a pool hands such things to its processes this way
    _starting = barrier


def _client(arguments: tuple[Served, int, int, int, float]) -> Sent:
    served, seed, batches, size, every = arguments
    now = datetime.now(UTC)
    bodies = [body(number * size, size, seed, now) for number in range(batches)]
    if _starting is not None:
        _starting.wait()  # nobody sends while another still writes its bodies
    return send(served, bodies, every)


def clients(
    served: Served, *, count: int, batches: int, size: int, every: float = 0.0, seed: int = 1
) -> list[Sent]:
    """Run ``count`` client processes that start to send together; what each saw."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(count)
    with context.Pool(count, initializer=_meet, initargs=(barrier,)) as pool:
        jobs = [(served, seed + each, batches, size, every) for each in range(count)]
        return pool.map(_client, jobs, chunksize=1)
