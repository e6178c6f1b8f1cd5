"""A served product for a benchmark: own database, a tenant, a key, granian, the projector."""

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
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
def prepared() -> Iterator[tuple[Served, dict[str, str]]]:
    """A fresh database with a tenant and a key, not served yet; and the environment to serve it."""
    with _database() as url:
        environment = {**os.environ, "PYTHONPATH": PATH, "TOUCHSTONE_DATABASE_URL": url}
        schema, key = _run([sys.executable, "-m", "bench.tenant"], environment).split()
        place = Served(host="127.0.0.1", port=free_port(), schema=schema, key=key, database_url=url)
        yield place, environment


def start_web(place: Served, environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start granian, leader of a process group of its own, and wait until it answers."""
    argv = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--workers", "2",
        "--workers-kill-timeout", "30s", "--host", place.host, "--port", str(place.port),
        "--log-level", "warning",
        "config.asgi:application",
    ]  # fmt: skip
    process = start(argv, environment)
    _wait_for(place.port)
    return process


@contextmanager
def served(*, projector: bool) -> Iterator[Served]:
    """Start everything on a fresh database of the configured server; drop it at the end."""
    with ExitStack() as stack:
        place, environment = stack.enter_context(prepared())
        stack.callback(stop, start_web(place, environment))
        if projector:
            argv = [sys.executable, str(ROOT / "manage.py"), "project"]
            stack.callback(stop, start(argv, environment))
        yield place


@contextmanager
def _database() -> Iterator[str]:
    asked = _run([sys.executable, "-m", "bench.server_url"], {**os.environ, "PYTHONPATH": PATH})
    server = asked.strip()
    parts = urlsplit(server)
    # A process may serve several products at once: each has a name of its own.
    name = f"touchstone_bench_{os.getpid()}_{uuid.uuid4().hex[:8]}"
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(parts._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as owner:
            owner.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def start(argv: list[str], environment: dict[str, str]) -> "subprocess.Popen[bytes]":
    """Start a program of the product as the leader of a process group of its own."""
    return subprocess.Popen(
        argv,
        env=environment,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def stop(process: "subprocess.Popen[bytes]") -> None:
    """End a program and what it started, gently for half a minute."""
    with suppress(ProcessLookupError):
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
