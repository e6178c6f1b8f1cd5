"""The sealed log's rows: attacks found, the cost of a proof, the speed of sealing."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.served import ROOT, prepared

Row = dict[str, Any]

ATTACKS = 200
EVENTS = 5_000_000


def tamper() -> Row:
    """Two hundred random attacks of whoever owns the database; each found, its event named."""
    found = _measured("tamper", ATTACKS)
    named = found["exactly"] + found["roughly"]
    return {
        "name": "trust/tamper", "value": named, "unit": "attacks found and named",
        "bar": f"= {ATTACKS}", "ok": named == found["found"] == ATTACKS,
        "peer": f"{found['kinds']} kinds, {found['size']} events; {found['found']} found:"
        f" {found['exactly']} by the event or leaf itself, {found['roughly']} by the leaves since"
        " a signature or tile that still holds (events and hashes replaced together);"
        f" unnamed: {', '.join(found['missed']) or 'none'}",
        "n": ATTACKS,
    }  # fmt: skip


def proof_cost() -> list[Row]:
    """Five million events sealed through the product's own sealer; then proofs of random ones."""
    found = _measured("proofs", EVENTS)
    return [
        {
            "name": "trust/proof-cost", "value": found["p99_ms"], "unit": "ms p99",
            "bar": "< 10", "ok": found["p99_ms"] < 10,
            "peer": f"median {found['median_ms']} ms; with the event itself {found['whole_ms']} ms"
            f" p99; consistency {found['consistency_ms']} ms p99",
            "n": found["size"],
        },
        {
            "name": "trust/proof-cost sealing", "value": found["rate"], "unit": "events/s",
            "bar": ">= 5000", "ok": found["rate"] >= 5_000,
            "peer": f"slowest 100,000: {found['slowest_rate']} events/s", "n": found["size"],
        },
        {
            "name": "trust/proof-cost verify", "value": found["verify_rate"],
            "unit": "events verified/s", "bar": "> 5000", "ok": found["verify_rate"] > 5_000,
            "peer": None, "n": found["verified"],
        },
    ]  # fmt: skip


def _measured(what: str, count: int) -> dict[str, Any]:
    with prepared() as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "bench.log_worker", what, str(count)],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    measured: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return measured


ROWS: dict[str, Callable[[], Row | list[Row]]] = {
    "trust/tamper": tamper,
    "trust/proof-cost": proof_cost,
}
