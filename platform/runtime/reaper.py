"""Outlives a supervisor that was killed, and ends what it left: `python -m runtime.reaper`.

A killed process can't clean up, and what the kernel offers (PR_SET_PDEATHSIG) reaches its children
only, not what they forked. So the supervisor tells this process, through a pipe, of every process
group it starts and ends; the pipe's end means that the supervisor is gone.
"""

import signal
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from runtime.processes import end_group

GRACE_SECONDS = 15.0


class Reaper:
    """The supervisor's side of the pipe."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "runtime.reaper"],
            env={"PYTHONPATH": str(Path(__file__).resolve().parents[1])},
            stdin=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C on the terminal is not for it
        )

    def watch(self, group: int, first: int = signal.SIGTERM) -> None:
        """End ``group`` when this process is gone; ``first`` is the signal that asks politely."""
        self._tell(f"{group} {int(first)}")

    def forget(self, group: int) -> None:
        """``group`` has ended: its number may soon be a stranger's."""
        self._tell(f"{group} 0")

    def dismiss(self) -> None:
        """Let it go: it ends what it still watches."""
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._process.wait()

    def _tell(self, line: str) -> None:
        if self._process.stdin is not None and self._process.poll() is None:
            self._process.stdin.write(f"{line}\n".encode())
            self._process.stdin.flush()


def remaining(lines: Iterable[str]) -> list[tuple[int, int]]:
    """The groups still watched after ``lines``, with their first signals, the newest first."""
    watched: dict[int, int] = {}
    for line in lines:
        group, first = (int(word) for word in line.split())
        watched.pop(group, None)
        if first:
            watched[group] = first
    return list(watched.items())[::-1]


def main() -> None:
    """Read until the supervisor is gone, then end what it left."""
    for group, first in remaining(sys.stdin):
        end_group(group, first=first, grace=GRACE_SECONDS)


if __name__ == "__main__":
    main()
