"""How a try to deliver ended. Pure."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Exception):  # what happened
    """It did not arrive. ``final``: trying again is of no use; else not sooner than ``wait``."""

    why: str
    final: bool = False
    wait: timedelta | None = None


ATTEMPTS = 7
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=12)


def next_try(attempts: int, refused: Refused) -> timedelta | None:
    """How long to wait after the ``attempts``-th try (from 1); ``None``: give up.

    Four times as long each time, from half a minute; longer where the receiver asks for it.
    """
    if refused.final or attempts >= ATTEMPTS:
        return None
    wait = FIRST_WAIT * float(4 ** (attempts - 1))
    return min(max(wait, refused.wait or timedelta()), LONGEST_WAIT)
