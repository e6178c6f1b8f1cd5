"""Both embedded servers together, and the file that tells the product where they are."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

from runtime.postgres import Postgres
from runtime.redis import Redis

Say = Callable[[str], None]


def up(home: Path, say: Say) -> dict[str, str]:
    """Start what is not running, write ``home``/services.json, return the URLs.

    Raises ``CannotStart``. Safe after a crash: stale pid files are seen through.
    """
    home.mkdir(parents=True, exist_ok=True)
    postgres, redis = Postgres(home), Redis(home)
    first = not (postgres.data / "touchstone.conf").exists()
    if postgres.pid is None:
        say("Creating and starting PostgreSQL …" if first else "Starting PostgreSQL …")
    postgres.start()
    if redis.pid is None:
        say("Starting Redis …")
    redis.start()
    urls = {"database_url": postgres.url, "redis_url": redis.url}
    file = home / "services.json"
    file.touch(mode=0o600)
    file.write_text(json.dumps(urls, indent=2) + "\n")
    return urls


def down(home: Path, say: Say) -> None:
    """Stop both; fine when they are not running."""
    for name, server in (("Redis", Redis(home)), ("PostgreSQL", Postgres(home))):
        if server.pid is not None:
            say(f"Stopping {name} …")
            server.stop()


def status(home: Path) -> dict[str, str]:
    """One word for each server."""
    servers = {"postgres": Postgres(home).pid, "redis": Redis(home).pid}
    return {name: f"running, pid {pid}" if pid else "stopped" for name, pid in servers.items()}


def processes(home: Path) -> list[tuple[int, int]]:
    """The running servers' processes with the signal that stops each without waiting for clients.

    Each leads its own process group.
    """
    servers = ((Postgres(home).pid, signal.SIGINT), (Redis(home).pid, signal.SIGTERM))
    return [(pid, int(first)) for pid, first in servers if pid is not None]
