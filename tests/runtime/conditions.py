"""Waiting for real processes: for a fact, with a generous limit, never for a length of time."""

import time
from collections.abc import Callable

LIMIT_SECONDS = 60


def eventually(fact: Callable[[], object], what: str) -> None:
    """Return as soon as ``fact`` holds; fail when it does not within a minute."""
    until = time.monotonic() + LIMIT_SECONDS
    while not fact():
        assert time.monotonic() < until, f"not within {LIMIT_SECONDS} s: {what}"
        time.sleep(0.02)
