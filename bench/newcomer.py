"""The newcomer's row: a fresh clone, `make demo`, a look, Ctrl-C, and a second start."""

import contextlib
import http.client
import json
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from bench.served import ROOT, free_port

Row = dict[str, Any]
# What a newcomer's shell has; no URL of a server, no Python path, nothing of this process.
KEPT = ("HOME", "LANG", "PATH", "TMPDIR", "USER", "PIP_INDEX_URL", "UV_INDEX_URL", "CI")


def newcomer() -> list[Row]:
    """Seconds to attribution, processes left after Ctrl-C, seconds of a second start."""
    with tempfile.TemporaryDirectory(prefix="touchstone-newcomer-") as folder:
        clone = Path(folder) / "main"
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        data = ROOT.parent / "shared"
        if data.exists():
            (Path(folder) / "shared").symlink_to(data)
        first, conversions = _start_look_stop(clone, 1, limit=900)
        left = _processes_of(clone)
        second, again = _start_look_stop(clone, 2, limit=120)
        left += _processes_of(clone)
    same = all(again.get(slug) == count > 0 for slug, count in conversions.items())
    return [
        _row("spine/newcomer", first, "s to attribution", "<= 300", first <= 300, conversions),
        _row("spine/newcomer-processes-left", len(left), "processes", "= 0", not left, left),
        _row(
            "spine/newcomer-again", second, "s", "< 15, nothing lost", second < 15 and same, again
        ),
    ]


def _row(name: str, value: float, unit: str, bar: str, ok: bool, seen: object) -> Row:
    return {
        "name": name, "value": round(value, 1), "unit": unit, "bar": bar, "ok": ok,
        "peer": json.dumps(seen), "n": 1,
    }  # fmt: skip


def _start_look_stop(clone: Path, start: int, limit: float) -> tuple[float, dict[str, float]]:
    """Run the demo for the ``start``-th time, until it has said where it is and all is seen.

    Seconds, and the attributed conversions of every tenant.
    """
    began = time.monotonic()
    with _demo(clone):
        conversions = _wait(
            lambda: _conversions(clone) if _told(clone) == start else None, began + limit
        )
        return time.monotonic() - began, conversions


@contextlib.contextmanager
def _demo(clone: Path) -> Iterator[None]:
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    environment["TOUCHSTONE_PORT"] = str(free_port())
    with (clone.parent / "demo.log").open("ab") as log:
        process = subprocess.Popen(
            ["make", "demo"], cwd=clone, env=environment, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGINT)  # what Ctrl-C sends to the foreground
            process.wait(timeout=60)


def _wait(look: Callable[[], dict[str, float] | None], deadline: float) -> dict[str, float]:
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError, ValueError, KeyError, http.client.HTTPException):
            found = look()
            if found:
                return found
        time.sleep(0.5)
    raise RuntimeError("the demo did not show attribution in time")


def _told(clone: Path) -> int:
    """How often the demo has said where it is."""
    return (clone.parent / "demo.log").read_text().count("Touchstone is at")


def _conversions(clone: Path) -> dict[str, float] | None:
    """Attributed conversions of each advertiser of the demo, once the demo says it is complete."""
    demo = json.loads((clone / ".touchstone" / "demo.json").read_text())
    host = urlsplit(demo["url"])
    counts = {}
    for tenant in demo["tenants"]:
        if tenant["kind"] == "regulator":  # it attributes nothing
            continue
        connection = http.client.HTTPConnection("127.0.0.1", host.port or 80, timeout=10)
        connection.request(
            "GET", f"/api/v1/attribution?model=markov&from=2018-01-01&to={_yesterday()}",
            headers={"Authorization": f"Bearer {tenant['read_key']}"},
        )  # fmt: skip
        report = json.loads(connection.getresponse().read())
        counts[tenant["slug"]] = round(float(report["totals"]["conversions"]), 6)
    return counts if all(counts.values()) else None


def _yesterday() -> str:
    """The last day without the demo's live visitors, whom a second start adds to."""
    return (datetime.now(UTC).date() - timedelta(days=1)).isoformat()


def _processes_of(clone: Path) -> list[str]:
    """Command lines of processes that still run from the clone."""
    left = []
    for entry in Path("/proc").iterdir():
        with contextlib.suppress(OSError):
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if str(clone) in command:
                left.append(command.strip()[:120])
    return left


ROWS: dict[str, Callable[[], Row | list[Row]]] = {"spine/newcomer": newcomer}
