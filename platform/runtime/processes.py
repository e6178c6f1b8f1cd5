"""Facts about processes, read from the system; and the end of a process group."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_LAUNCH = """
import subprocess, sys
print(subprocess.Popen(sys.argv[1:], stdin=0, stdout=2, stderr=2, start_new_session=True).pid)
"""


def running(pid: int, name: str | None = None, *, mentions: str = "") -> bool:
    """Whether process ``pid`` lives (a zombie does not), is called ``name``, and ``mentions`` that.

    Name and command line matter after a crash: a stale pid file may point at a stranger.
    """
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
        command = Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return not Path("/proc/self").exists()  # a system without /proc: the signal has decided
    called, state = text[text.index("(") + 1 : text.rindex(")")], text[text.rindex(")") + 2]
    known = name is None or called.startswith(name)
    return state != "Z" and known and mentions.encode() in command


def works_in(folder: Path) -> bool:
    """Whether any process has ``folder`` as its working directory (a zombie has none)."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink() == folder:
                return True
        except OSError:
            continue  # ended meanwhile, a zombie, or not ours to look at
    return False


def group_lives(group: int) -> bool:
    """Whether the process group has a member left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_group(group: int, *, first: int = signal.SIGTERM, grace: float) -> None:
    """End every process of a group: the signal ``first``, then KILL after ``grace`` seconds.

    Children of the caller must be reaped by someone else, or they count as living until then.
    """
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, first)
    until = time.monotonic() + grace
    while group_lives(group) and time.monotonic() < until:
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def launch(argv: Sequence[str], log: Path) -> int:
    """Start a server that outlives this process, leads its own group and writes to ``log``.

    It is init's child, not ours: nobody here would reap it. Returns its pid.
    """
    with log.open("ab") as output:
        started = subprocess.run(
            [sys.executable, "-c", _LAUNCH, *argv],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=output, check=True,
        )  # fmt: skip
    return int(started.stdout)
