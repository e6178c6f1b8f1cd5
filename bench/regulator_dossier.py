"""Evidence of a stretch of 100,000 records: written in bounded memory, checked without us."""

import json
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from bench.served import ROOT, prepared

Row = dict[str, Any]
INSIDE, OUTSIDE = 100_000, 100_000
MOST_MB, MOST_SECONDS = 256, 120


def dossier() -> Row:
    """A case about half of 200,000 records; the stand-alone verifier's word for it."""
    with prepared() as (_, environment):
        done = subprocess.run(
            [sys.executable, "-m", "bench.dossier_worker", str(INSIDE), str(OUTSIDE)],
            cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
    found = json.loads(done.stdout.splitlines()[-1])
    small = found["memory_mb"] < MOST_MB and found["check_mb"] < MOST_MB
    return {
        "name": "regulator/dossier", "value": found["write_s"], "unit": "s to write",
        "bar": f"< {MOST_SECONDS}, HOLDS, < {MOST_MB} MB",
        "ok": found["holds"] and small and found["write_s"] < MOST_SECONDS,
        "peer": f"{found['events']} events of a log of {found['log']}, {found['zip_mb']} MB;"
        f" {found['memory_mb']} MB more memory than before; the verifier took"
        f" {found['check_s']} s and {found['check_mb']} MB and said"
        f" {'HOLDS' if found['holds'] else 'DOES NOT HOLD'}",
        "n": found["events"],
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"regulator/dossier": dossier}
