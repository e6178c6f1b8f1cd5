"""Rubbish at the whole API by its own document: schemathesis against the served product."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.served import ROOT, served

Row = dict[str, Any]
EXAMPLES = 500
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance",
)  # fmt: skip


def api_fuzz(examples: int = EXAMPLES, seed: int = 1) -> Row:
    """``examples`` per operation, valid and broken: no 5xx, no answer the document lacks."""
    with served(projector=True) as place, tempfile.TemporaryDirectory() as folder:
        url = f"http://{place.host}:{place.port}"
        report = Path(folder) / "report.txt"
        done = subprocess.run(
            [
                str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/api/schema/",
                "--url", url, "--header", f"Authorization:Bearer {place.key}",
                "--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(seed),
                "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color",
                "--suppress-health-check", "all", "--generation-database", "none",
                "--request-timeout", "60",
            ],
            cwd=folder, capture_output=True, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "bench.fuzz_hooks"},
        )  # fmt: skip
        report.write_text(done.stdout)
        (ROOT / ".touchstone").mkdir(exist_ok=True)
        (ROOT / ".touchstone" / "api-fuzz.txt").write_text(done.stdout + done.stderr)
    tail = [line.strip() for line in done.stdout.splitlines() if line.strip()][-12:]
    failures = done.stdout.count("\n- ")
    return {
        "name": "trust/api-fuzz", "value": 0 if done.returncode == 0 else max(failures, 1),
        "unit": "violations", "bar": "= 0", "ok": done.returncode == 0,
        "peer": " ".join(tail)[:600], "n": examples,
    }  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"trust/api-fuzz": api_fuzz}
