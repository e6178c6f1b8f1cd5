"""`make demo`: services, database, demo data, server, projector, worker, in one foreground tree.

Then visitors and players: a little live traffic, unless ``TOUCHSTONE_DEMO_VISITORS`` is ``false``.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from runtime import embedded
from runtime.errors import CannotStart
from runtime.ports import free_port, listening
from runtime.supervisor import Program, Supervisor

PORT = 8000

Say = Callable[[str], None]


def run(root: Path, env: Mapping[str, str], say: Say) -> int:
    """Bring everything up, print where to look, stay until Ctrl-C; returns the exit status."""
    home = Path(env.get("TOUCHSTONE_STATE", str(root / ".touchstone")))
    supervisor = Supervisor(logs=home / "log", say=say, cwd=root)
    supervisor.handle_signals()
    own_services = not (env.get("TOUCHSTONE_DATABASE_URL") and env.get("TOUCHSTONE_REDIS_URL"))
    try:
        if own_services:
            embedded.up(home, say)
            for pid, stop_signal in embedded.processes(home):
                supervisor.entrust(pid, stop_signal)
        _serve(supervisor, root, home, env, say)
        supervisor.watch()
    except CannotStart as problem:
        if not supervisor.stopping:
            say(str(problem))
            return 1
    finally:
        supervisor.stop()
        if own_services:
            embedded.down(home, say)
        supervisor.dismiss()
        say("Everything is stopped. `make demo` starts it again; nothing was lost.")
    return 0


def _serve(
    supervisor: Supervisor, root: Path, home: Path, env: Mapping[str, str], say: Say
) -> None:
    port = free_port(int(env.get("TOUCHSTONE_PORT", PORT)))
    inner = {
        **env,
        "PYTHONPATH": os.pathsep.join([str(root), str(root / "platform")]),
        "TOUCHSTONE_PORT": str(port),
        "PYTHONUNBUFFERED": "1",
        "PROMETHEUS_MULTIPROC_DIR": str(_fresh(home / "metrics")),
    }
    manage = [sys.executable, str(root / "manage.py")]
    _step([*manage, "bootstrap"], root, inner)
    supervisor.start(
        Program(
            name="web",
            argv=[
                sys.executable, "-m", "granian", "--interface", "asginl", "--workers", "2",
                "--workers-kill-timeout", "30s",
                "--host", "127.0.0.1", "--port", str(port), "--log-level", "warning",
                "config.asgi:application",
            ],
            env=inner,
            ready=lambda: listening(port),
        )
    )  # fmt: skip
    load = [*manage, "demo", "--port", str(port)]
    # The first time this takes a minute and the projector helps; later there is nothing to load,
    # and processes that start beside it would only keep its few words waiting.
    loaded = (home / "demo.json").exists()
    if loaded:
        _step(load, root, inner)
    supervisor.start(Program(name="projector", argv=[*manage, "project"], env=inner))
    celery = [sys.executable, "-m", "celery", "-A", "config", "worker", "--concurrency", "1"]
    quiet = ["--loglevel", "warning", "--without-gossip", "--without-mingle"]
    for name, more in {
        "worker": ["--queues", "ingest,project,report", "-B", "--schedule", str(home / "beat")],
        # Training takes minutes: mails and imports must not wait behind it.
        "trainer": ["--queues", "train"],
    }.items():
        argv = [*celery, *quiet, "--hostname", f"{name}@%h", *more]
        # What takes minutes of a processor gives way to what somebody waits for.
        mine = {**inner, "TOUCHSTONE_NICE": "10"} if name == "trainer" else inner
        supervisor.start(Program(name=name, argv=argv, env=mine))
    if not (loaded or supervisor.stopping):
        _step(load, root, inner)
    # After the loading: figures that lag behind it stand still for nobody.
    if not supervisor.stopping:
        supervisor.start(Program(name="watcher", argv=[*manage, "watch"], env=inner))
    if not supervisor.stopping and env.get("TOUCHSTONE_DEMO_VISITORS", "true") != "false":
        for crowd in ("visitors", "players"):
            supervisor.start(Program(name=crowd, argv=[*manage, crowd], env=inner))


def _fresh(folder: Path) -> Path:
    """``folder`` empty: what processes of an earlier start counted is over."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def _step(argv: list[str], root: Path, env: Mapping[str, str]) -> None:
    """Run a command to its end, its output on this terminal; raises ``CannotStart``."""
    done = subprocess.run(argv, cwd=root, env=dict(env), check=False)
    if done.returncode:
        raise CannotStart(
            f"`{' '.join(argv[1:3])}` failed; what it printed is above. Run the same command again:"
            " what was done is kept. `make clean` starts from nothing."
        )
