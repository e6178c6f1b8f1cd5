"""What plans cost those who send: the rows of quotas."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.served import ROOT, prepared

Row = dict[str, Any]


def cost() -> list[Row]:
    """The collector's time with plans against without, batches of 500 and single events."""
    with prepared() as (place, environment):
        done = subprocess.run(
            [sys.executable, "-m", "bench.quota_cost"],
            env={**environment, "BENCH_KEY": place.key},
            cwd=ROOT, check=True, capture_output=True, text=True,
        )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    (open_batch, batch), (open_single, single) = found["batch"], found["single"]
    slower = (batch / open_batch - 1) * 100
    return [
        {
            "name": "trust/quota-cost", "value": round(slower, 2), "unit": "% slower batch of 500",
            "bar": "<= 2", "ok": slower <= 2,
            "peer": f"median CPU {open_batch * 1e3:.2f} ms without, {batch * 1e3:.2f} ms with",
            "n": 270,
        },
        {
            "name": "trust/quota-cost-single", "value": round(single / open_single, 3),
            "unit": "x p99 without plans", "bar": "<= 1.1", "ok": single <= 1.1 * open_single,
            "peer": f"p99 {open_single * 1e3:.2f} ms without plans, {single * 1e3:.2f} ms with",
            "n": 2_700,
        },
    ]  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"trust/quota-cost": cost}
