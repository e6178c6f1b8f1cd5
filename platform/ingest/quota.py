"""How much may a tenant send, and how much did it? The tenants app registers who knows.

Asked before a request is looked at, told after its events are in the log; neither may cost a
request a round trip to anywhere.
"""

from typing import Protocol

from ingest.auth import Principal
from ingest.batch import Batch
from kernel.errors import DomainError


class TooManyRequests(DomainError):
    """More requests than the plan allows; ``retry_after`` (whole seconds) is in the data."""

    code = "too_many_requests"
    http_status = 429
    title = "Too many requests"


class QuotaExceeded(DomainError):
    """The month's events are used up; ``retry_after`` (seconds to the next) is in the data."""

    code = "quota_exceeded"
    http_status = 429
    title = "The month's events are used up"


class Gate(Protocol):
    """Who knows the limits and keeps count."""

    def admit_request(self, principal: Principal) -> None:
        """Let a request in; raises ``TooManyRequests``."""

    def admit_events(self, principal: Principal) -> None:
        """Let events in; raises ``QuotaExceeded``."""

    def count(self, principal: Principal, batch: Batch) -> None:
        """Count what became of a batch."""


class _Open:
    """Nobody counts: everything is let in."""

    def admit_request(self, principal: Principal) -> None:
        """Let it in."""

    def admit_events(self, principal: Principal) -> None:
        """Let them in."""

    def count(self, principal: Principal, batch: Batch) -> None:
        """Forget it."""


_registered: list[Gate] = [_Open()]


def register(gate: Gate) -> None:
    """Set who is asked."""
    _registered[:] = [gate]


def gate() -> Gate:
    """Who is asked."""
    return _registered[0]
