"""Rubbish at the whole API by its own document: schemathesis against the served product."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.served import ROOT, Served, served

Row = dict[str, Any]
EXAMPLES = 500
CHECKS = (
    "not_a_server_error", "status_code_conformance", "content_type_conformance",
    "response_schema_conformance",
)  # fmt: skip


FEED = "/api/v1/gaming/events"
"""The one route of a key that can do nothing else."""
AUTHORITY = "^/api/v1/(regulator|anomaly|forecast)/"
"""What answers an authority's keys alone."""


def api_fuzz(examples: int = EXAMPLES, seed: int = 1) -> Row:
    """``examples`` per operation, valid and broken: no 5xx, no answer the document lacks.

    An operator's feed is sent to with its own key, which is refused everywhere else; what only an
    authority has is asked with a key of its own.
    """
    with served(projector=True) as place, tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'platform'}"}
        feed, authority = subprocess.run(
            [sys.executable, "-m", "bench.authority"], check=True, capture_output=True, text=True,
            env={**environment, "TOUCHSTONE_DATABASE_URL": place.database_url},
        ).stdout.split()  # fmt: skip
        ways = (
            (place.key, ["--exclude-path", FEED]), (feed, ["--include-path", FEED]),
            (authority, ["--include-path-regex", AUTHORITY]),
        )  # fmt: skip
        told = [_fuzzed(place, key, paths, examples, seed, folder) for key, paths in ways]
        (ROOT / ".touchstone").mkdir(exist_ok=True)
        (ROOT / ".touchstone" / "api-fuzz.txt").write_text("".join(each.stdout for each in told))
    fine = all(each.returncode == 0 for each in told)
    failures = sum(each.stdout.count("\n- ") for each in told)
    return {
        "name": "trust/api-fuzz", "value": 0 if fine else max(failures, 1), "unit": "violations",
        "bar": "= 0", "ok": fine, "peer": "; ".join(map(_tail, told))[:600], "n": examples,
    }  # fmt: skip


def _tail(told: "subprocess.CompletedProcess[str]") -> str:
    """What it says last, in one line."""
    lines = [line.strip() for line in told.stdout.splitlines() if line.strip()]
    return " ".join(lines[-6:])


def _fuzzed(
    place: Served, key: str, paths: list[str], examples: int, seed: int, folder: str
) -> "subprocess.CompletedProcess[str]":
    url = f"http://{place.host}:{place.port}"
    return subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")), "run", f"{url}/api/schema/",
            "--url", url, "--header", f"Authorization:Bearer {key}", *paths,
            "--checks", ",".join(CHECKS), "--max-examples", str(examples), "--seed", str(seed),
            "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color",
            "--suppress-health-check", "all", "--generation-database", "none",
            "--request-timeout", "60",
        ],
        cwd=folder, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": "bench.fuzz_hooks"},
    )  # fmt: skip


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"trust/api-fuzz": api_fuzz}
