"""Runs a tree of processes in the foreground, and leaves none of them behind.

Every child leads a process group of its own, so that stopping it reaches what it forked; should
the supervisor itself be killed, the reaper ends those groups. A child that dies is started again
after a pause that grows, and its last words are shown.
"""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from runtime.errors import CannotStart
from runtime.reaper import Reaper

GRACE_SECONDS = 15.0
READY_SECONDS = 90.0
LONGEST_PAUSE_SECONDS = 30.0
STEADY_SECONDS = 60.0

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """A process to run: ``ready`` says when what depends on it may start."""

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    ready: Callable[[], bool] = lambda: True


@dataclass(slots=True)
class _Child:
    program: Program
    log: Path
    process: "subprocess.Popen[bytes] | None" = None
    started: float = 0.0
    pause: float = 1.0
    again_at: float | None = None


def _remedy(child: _Child) -> str:
    return f"More is in {child.log}. Set right what it names, then run the same command again."


@dataclass(slots=True)
class Supervisor:
    """Starts programs in order, watches them, stops them in reverse order."""

    logs: Path
    say: Say
    cwd: Path
    _children: list[_Child] = field(default_factory=list)
    _stopping: bool = False
    _reaper: Reaper = field(default_factory=Reaper)

    def handle_signals(self) -> None:
        """Let Ctrl-C and TERM end ``watch`` and every wait."""
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, self._on_signal)

    def entrust(self, group: int, first: int = signal.SIGTERM) -> None:
        """See to it that a process group started elsewhere ends if this process is killed."""
        self._reaper.watch(group, first)

    def start(self, program: Program) -> None:
        """Start ``program``, wait until it is ready; raises ``CannotStart`` with its last words."""
        child = _Child(program, self.logs / f"{program.name}.log")
        self._children.append(child)
        self.say(f"Starting {program.name} …")
        self._spawn(child)
        until = time.monotonic() + READY_SECONDS
        while not self._stopping and not program.ready():
            if child.process is not None and child.process.poll() is not None:
                raise CannotStart(
                    f"{program.name} ended at once.\n{self._last_words(child)}\n{_remedy(child)}"
                )
            if time.monotonic() > until:
                raise CannotStart(
                    f"{program.name} is not ready after {READY_SECONDS:.0f} s.\n"
                    f"{self._last_words(child)}\n{_remedy(child)}"
                )
            time.sleep(0.05)

    def watch(self) -> None:
        """Stay until a signal comes; start again what dies."""
        while not self._stopping:
            for child in self._children:
                self._look_after(child)
            time.sleep(0.2)

    @property
    def stopping(self) -> bool:
        """Whether a signal has asked for the end."""
        return self._stopping

    def stop(self) -> None:
        """End all children, the last started first: TERM, then KILL after a grace."""
        self._stopping = True
        for child in reversed(self._children):
            if child.process is not None and child.again_at is None:
                self.say(f"Stopping {child.program.name} …")
                self._end(child.process)
        self._children.clear()

    def dismiss(self) -> None:
        """Let the reaper go, after ``stop`` and after what was entrusted has been stopped."""
        self._reaper.dismiss()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        self._stopping = True

    def _spawn(self, child: _Child) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        with child.log.open("ab") as log:
            child.process = subprocess.Popen(
                list(child.program.argv),
                cwd=self.cwd,
                env=dict(child.program.env),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._reaper.watch(child.process.pid)
        child.started = time.monotonic()
        child.again_at = None

    def _look_after(self, child: _Child) -> None:
        moment = time.monotonic()
        if child.again_at is not None:
            if moment >= child.again_at:
                self._spawn(child)
            return
        if child.process is None or child.process.poll() is None:
            return
        self._end(child.process)  # what it forked may live on, and hold its port
        steady = moment - child.started > STEADY_SECONDS
        child.pause = 1.0 if steady else min(child.pause * 2, LONGEST_PAUSE_SECONDS)
        child.again_at = moment + child.pause
        self.say(
            f"{child.program.name} ended with {child.process.returncode}; starting it again in "
            f"{child.pause:.0f} s.\n{self._last_words(child)}"
        )

    def _last_words(self, child: _Child) -> str:
        try:
            lines = child.log.read_text(errors="replace").splitlines()[-8:]
        except OSError:
            lines = []
        return "\n".join(f"    {line}" for line in lines) or "    (it said nothing)"

    def _end(self, process: "subprocess.Popen[bytes]") -> None:
        """End a child and everything in its process group."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=GRACE_SECONDS)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)  # also what a child of it left in the group
        process.wait()
        self._reaper.forget(process.pid)
