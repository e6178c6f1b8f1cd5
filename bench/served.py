"""A served product for a benchmark: own database, a tenant, a key, granian, the projector."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
PATH = os.pathsep.join([str(ROOT), str(ROOT / "platform")])


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Where the product answers, whose key to use, and the database behind it."""

    host: str
    port: int
    key: str
    schema: str
    database_url: str


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(*, projector: bool) -> Iterator[Served]:
    """Start everything on a fresh database of the configured server; drop it at the end."""
    with ExitStack() as stack:
        url = stack.enter_context(_database())
        environment = {**os.environ, "PYTHONPATH": PATH, "TOUCHSTONE_DATABASE_URL": url}
        made = _run([sys.executable, "-m", "bench.tenant"], environment).split()
        port = free_port()
        web = [
            sys.executable, "-m", "granian", "--interface", "asginl", "--workers", "2",
            "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
            "config.asgi:application",
        ]  # fmt: skip
        stack.enter_context(_process(web, environment))
        if projector:
            stack.enter_context(
                _process([sys.executable, str(ROOT / "manage.py"), "project"], environment)
            )
        _wait_for(port)
        yield Served(host="127.0.0.1", port=port, schema=made[0], key=made[1], database_url=url)


@contextmanager
def _database() -> Iterator[str]:
    asked = _run([sys.executable, "-m", "bench.server_url"], {**os.environ, "PYTHONPATH": PATH})
    server = asked.strip()
    parts = urlsplit(server)
    name = f"touchstone_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        owner.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@contextmanager
def _process(argv: list[str], environment: dict[str, str]) -> Iterator[None]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(
            argv, env=environment, cwd=ROOT, stdout=log, stderr=log, start_new_session=True
        )
        try:
            yield
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _run(argv: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(
        argv, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(argv)} failed:\n{done.stdout}\n{done.stderr}")
    return done.stdout


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("the server did not come up within a minute")
