"""A whole product on servers of its own, so that any part of it may be killed.

Web, projector, worker and watcher with an embedded PostgreSQL and Redis in a folder that is thrown
away; each part can be killed with -9 and started again.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from bench.served import PATH, ROOT, Served, free_port, start, start_web, stop
from runtime.postgres import Postgres
from runtime.redis import Redis

WORKER = [
    sys.executable, "-m", "celery", "-A", "config", "worker", "-B", "--concurrency", "1",
    "--loglevel", "warning", "--queues", "ingest,project,report",
]  # fmt: skip
TRAINER = [
    sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1",
    "--loglevel", "warning", "--queues", "train", "--hostname", "trainer@%h",
]  # fmt: skip


@dataclass(slots=True)
class Cluster:
    """The parts by name; ``place`` is where the product answers, in ``environment`` it runs."""

    home: Path
    place: Served
    environment: dict[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"] = field(default_factory=dict)

    def start(self, name: str) -> None:
        """Start a part and wait until it answers."""
        if name == "database":
            Postgres(self.home).start()
        elif name == "redis":
            Redis(self.home).start()
        elif name == "web":
            self.processes[name] = start_web(self.place, self.environment)
        else:
            manage = [sys.executable, str(ROOT / "manage.py")]
            argv = {
                "projector": [*manage, "project"],
                "watcher": [*manage, "watch"],
                "worker": [*WORKER, "--schedule", str(self.home / "beat")],
                "trainer": TRAINER,
            }[name]
            nice = {"TOUCHSTONE_NICE": "10"} if name == "trainer" else {}
            self.processes[name] = start(argv, {**self.environment, **nice})

    def kill(self, name: str) -> None:
        """Kill a part with -9, and everything it started."""
        if name in ("database", "redis"):
            server = Postgres(self.home) if name == "database" else Redis(self.home)
            _kill_tree(server.pid)
            while server.pid is not None:
                time.sleep(0.05)
            return
        process = self.processes.pop(name)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        """End everything."""
        for process in reversed(list(self.processes.values())):
            stop(process)
        Redis(self.home).stop()
        Postgres(self.home).stop()

    def get(self, path: str) -> tuple[int, Any]:
        """Ask the API; the status and the document, (0, None) while nobody answers."""
        request = urllib.request.Request(
            f"http://{self.place.host}:{self.place.port}{path}",
            headers={"Authorization": f"Bearer {self.place.key}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, json.loads(error.read() or b"null")
        except (OSError, ValueError):
            return 0, None

    def wait(self, reached: Any, seconds: float = 60.0) -> float:
        """Wait until ``reached()``; the seconds it took. Raises ``TimeoutError``."""
        began = time.monotonic()
        while not reached():
            if time.monotonic() - began > seconds:
                raise TimeoutError(f"not within {seconds:.0f} s")
            time.sleep(0.1)
        return time.monotonic() - began

    def query(self, text: str) -> list[tuple[Any, ...]]:
        """Rows of the tenant's schema, as the owner."""
        with psycopg.connect(self.place.database_url) as connection:
            connection.execute(f'SET search_path TO "{self.place.schema}"')
            return connection.execute(text).fetchall()

    def run(self, *argv: str) -> str:
        """A management command to its end."""
        done = subprocess.run(
            [sys.executable, str(ROOT / "manage.py"), *argv],
            env=self.environment, cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{' '.join(argv)} failed:\n{done.stdout}\n{done.stderr}")
        return done.stdout


@contextmanager
def cluster(
    *, data: Path | None = None, settings: dict[str, str] | None = None
) -> Iterator[Cluster]:
    """Everything started, on a database whose files lie in ``data`` (a new folder if ``None``)."""
    home = data or Path(tempfile.mkdtemp(prefix="touchstone-cluster-"))
    Postgres(home).start()
    Redis(home).start()
    environment = {
        **os.environ, **(settings or {}),
        "PYTHONPATH": PATH,
        "TOUCHSTONE_STATE": str(home),
        "TOUCHSTONE_DATABASE_URL": Postgres(home).url,
        "TOUCHSTONE_REDIS_URL": Redis(home).url,
    }  # fmt: skip
    made = None
    try:
        done = subprocess.run(
            [sys.executable, "-m", "bench.tenant"],
            env=environment, cwd=ROOT, capture_output=True, text=True, check=True,
        )  # fmt: skip
        schema, key = done.stdout.split()
        place = Served(
            host="127.0.0.1", port=free_port(), key=key, schema=schema,
            database_url=Postgres(home).url,
        )  # fmt: skip
        made = Cluster(home=home, place=place, environment=environment)
        for name in ("web", "projector", "worker", "trainer", "watcher"):
            made.start(name)
        yield made
    finally:
        if made is not None:
            made.stop()
        else:
            Redis(home).stop()
            Postgres(home).stop()
        if data is None:
            shutil.rmtree(home, ignore_errors=True)


def _kill_tree(pid: int | None) -> None:
    """-9 to a server and its children at once."""
    if pid is None:
        return
    children = Path(f"/proc/{pid}/task/{pid}/children")
    with suppress(OSError, ProcessLookupError):
        for child in children.read_text().split():
            _kill_tree(int(child))
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
