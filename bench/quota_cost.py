"""A program of the row trust/quota-cost: the same collector with the gate open and with plans.

Prints {"batch": [open, with plans] in seconds of processor time, median; "single": the same by the
clock, at the 99th percentile}. Processor time holds the exchange's thread too, and does not hang on
what else the machine does.
"""

import json
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime


def main(key: str, rounds: int, size: int) -> None:
    """Alternate requests through both gates; each takes fresh events."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from bench.load import body
    from ingest import quota
    from tenants.quotas.exchange import SharedGate

    gates = (quota._Open(), SharedGate())
    now = datetime.now(UTC)
    found: dict[str, list[float]] = {}
    plan = (
        ("batch", size, rounds, time.process_time),
        ("single", 1, rounds * 10, time.perf_counter),
    )
    for name, events, times, clock in plan:
        bodies = [body(n * events, events, 7 + events, now) for n in range(2 * times)]
        spent: tuple[list[float], list[float]] = ([], [])
        for number, each in enumerate(bodies):
            turn = (number + number // 2) % 2  # a b b a: neither always comes second
            quota.register(gates[turn])
            spent[turn].append(_one(each, key, clock))
        middle = statistics.median if name == "batch" else _p99
        found[name] = [middle(each[len(each) // 10 :]) for each in spent]
    print(json.dumps(found))


def _one(content: bytes, key: str, clock: Callable[[], float]) -> float:
    from ingest.collect import Parts
    from ingest.endpoints import respond

    parts = Parts(
        call="events", body=content, content_type="application/json", authorization=f"Bearer {key}"
    )
    began = clock()
    answer = respond(lambda: parts, "/api/v1/events")
    spent = clock() - began
    if answer.status != 200:
        raise RuntimeError(answer.content)
    return spent


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


if __name__ == "__main__":
    main(os.environ["BENCH_KEY"], rounds=150, size=500)
