"""`python -m bench.log_worker tamper|proofs N`: what the log's rows measure, inside the product.

Runs in the environment of a prepared benchmark tenant and prints one line of JSON.
"""

import json
import os
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

SCHEMA, SIZE, SEED = "t_bench", 3_000, 2026
PROOFS, COPIED, CHUNK = 2_000, 10_000, 8_192
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def _event(number: int) -> Any:
    from eventlog import canonical
    from eventlog.contracts import NewEvent

    return NewEvent(
        id=UUID(int=number + 1),
        type="ad.click",
        version=1,
        subject=f"{number % 9_973:032x}",
        occurred_at=NOON + timedelta(milliseconds=100 * number),
        source="bench",
        payload=canonical.encode({"number": number, "channel": f"c{number % 12}"}),
        sealed=b"sealed" if number % 3 == 0 else None,
    )


def _fill(size: int) -> None:
    from eventlog.append import append

    for start in range(0, size, COPIED):
        append([_event(at) for at in range(start, min(start + COPIED, size))], recorded_at=NOON)


def tamper(count: int) -> dict[str, Any]:
    """Attack a sealed log ``count`` times, each attack undone after it was looked for."""
    from eventlog.seal import queries, sealer, statements
    from tests.eventlog.events import settle
    from tests.eventlog.seal import attacks

    _fill(SIZE)
    settle()
    sealer.catch_up(now=NOON, limit=250)
    remembered = statements.remembered(queries.latest().note)
    rng = random.Random(SEED)
    found = exactly = roughly = 0
    missed = []
    for turn in range(count):
        attack = attacks.ALL[turn % len(attacks.ALL)]
        with attacks.superuser() as owner:
            touched = attack(owner, rng, SIZE)
            damages = _verified(remembered)
        found += bool(damages)
        exact = bool(damages) and touched.exactly(damages[0])
        rough = bool(damages) and not exact and touched.roughly(damages[0])
        exactly, roughly = exactly + exact, roughly + rough
        missed += [] if exact or rough else [attack.__name__]
    if _verified(remembered):
        raise RuntimeError("the log is not whole after the attacks were undone")
    return {
        "found": found, "exactly": exactly, "roughly": roughly, "missed": sorted(set(missed)),
        "size": SIZE, "kinds": len(attacks.ALL),
    }  # fmt: skip


def _verified(remembered: Any) -> Any:
    from eventlog.seal import verify

    state = verify.begin()
    while not state.done:
        state = verify.step(state, now=NOON, remembered=remembered)
    return verify.finish(state, now=NOON, remembered=remembered).damages


def proofs(count: int) -> dict[str, Any]:
    """Append and seal ``count`` events, then prove random ones."""
    from eventlog.seal import queries, sealer, verify
    from evidence import queries as evidence
    from tests.eventlog.events import settle

    _fill(count)
    settle()
    rates = []
    while True:
        began, sealed = time.perf_counter(), 0
        while sealed < 100_000 and (step := sealer.seal(now=NOON, limit=CHUNK)):
            sealed += step
        if not sealed:
            break
        rates.append((sealed, time.perf_counter() - began))
    size, rng = queries.latest().size, random.Random(SEED)
    bare, whole, between = [], [], []
    for _ in range(PROOFS):
        name = UUID(int=rng.randrange(count) + 1)
        began = time.perf_counter()
        (leaf,) = queries.leaves_of(name, size=size)
        queries.inclusion(leaf, size=size)
        bare.append(time.perf_counter() - began)
        began = time.perf_counter()
        evidence.proof(name)
        whole.append(time.perf_counter() - began)
        began = time.perf_counter()
        queries.consistency(old=rng.randrange(1, size), new=size)
        between.append(time.perf_counter() - began)
    began, state = time.perf_counter(), verify.begin()
    while not state.done and state.next < 200_000:
        state = verify.step(state, now=NOON)
    if state.damages:
        raise RuntimeError(str(state.damages[0]))
    return {
        "size": size,
        "rate": round(sum(sealed for sealed, _ in rates) / sum(took for _, took in rates)),
        "slowest_rate": round(min(sealed / took for sealed, took in rates if sealed >= 100_000)),
        "median_ms": _milliseconds(bare, 0.5),
        "p99_ms": _milliseconds(bare, 0.99),
        "whole_ms": _milliseconds(whole, 0.99),
        "consistency_ms": _milliseconds(between, 0.99),
        "verified": state.next,
        "verify_rate": round(state.next / (time.perf_counter() - began)),
    }


def _milliseconds(times: list[float], quantile: float) -> float:
    return round(sorted(times)[int(quantile * (len(times) - 1))] * 1000, 2)


def main(what: str, count: int) -> None:
    """Set the product up, measure, print."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    from django_tenants.utils import schema_context

    with schema_context(SCHEMA):
        print(json.dumps({"tamper": tamper, "proofs": proofs}[what](count)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
