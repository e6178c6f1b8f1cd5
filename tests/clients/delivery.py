"""Let a stock client send to a served product, perhaps through a crash, and count what arrived."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import psycopg

from bench.served import Served, prepared, start_web

FOLDER = Path(__file__).parent
EVENTS = 10_000
PATIENCE = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What the log holds after the client has finished, and how often the server was killed."""

    stored: int
    distinct: int
    numbers: int
    kills: int


def missing_client(name: str) -> str:
    """Why the client ``name`` can't be driven here; empty when it can."""
    if name == "python":
        return ""
    if shutil.which("node") is None:
        return "node is not installed"
    if not (FOLDER / "node_modules" / "@segment").exists():
        return "the Node client is not installed (npm ci --prefix tests/clients)"
    return ""


def deliver(client: str, *, kill: bool, events: int = EVENTS) -> Outcome:
    """Send ``events`` events with ``client``; with ``kill`` the server dies with -9 in between."""
    with prepared() as (place, environment):
        web = start_web(place, environment)
        sender = subprocess.Popen(_command(client, place, events), stderr=subprocess.PIPE)
        kills = 0
        try:
            if kill:
                _wait(lambda: events // 4 <= _stored(place) < events)
                os.killpg(web.pid, signal.SIGKILL)
                web.wait()
                kills = 1
                web = start_web(place, environment)
            _, complaint = sender.communicate(timeout=PATIENCE)
            if sender.returncode:
                raise AssertionError(complaint.decode(errors="replace"))
        finally:
            sender.kill()
            sender.wait()
            os.killpg(web.pid, signal.SIGKILL)
            web.wait()
        return _outcome(place, kills)


def _command(client: str, place: Served, events: int) -> list[str]:
    host = f"http://{place.host}:{place.port}"
    program = {
        "python": [sys.executable, str(FOLDER / "send.py")],
        "node": ["node", str(FOLDER / "send.mjs")],
    }
    return [*program[client], host, place.key, str(events)]


def _stored(place: Served) -> int:
    with psycopg.connect(place.database_url) as connection:
        row = connection.execute(f'SELECT count(*) FROM "{place.schema}".event').fetchone()
        return int(row[0]) if row else 0


def _outcome(place: Served, kills: int) -> Outcome:
    query = (
        "SELECT count(*), count(DISTINCT id), count(DISTINCT payload->'properties'->>'number')"
        f' FROM "{place.schema}".event'
    )
    with psycopg.connect(place.database_url) as connection:
        row = connection.execute(query).fetchone() or (0, 0, 0)
    return Outcome(stored=row[0], distinct=row[1], numbers=row[2], kills=kills)


def _wait(reached: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not reached():
        if time.monotonic() > until:
            raise AssertionError("the client did not get that far")
        time.sleep(0.02)
