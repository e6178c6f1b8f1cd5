"""A token bucket that several processes share without asking each other each time.

Source: the token bucket of RFC 2697, with tokens for requests. What other processes took is told
afterwards and taken out late, so the bucket may owe tokens; never more than it holds.
"""

from dataclasses import dataclass


@dataclass(slots=True)
class Bucket:
    """``tokens`` at the moment ``at`` (seconds of a clock that never goes back)."""

    tokens: float
    at: float

    def take(self, moment: float, *, rate: float, burst: int) -> float:
        """Take one token; the seconds until there will be one, 0 when it was taken.

        A request that is turned away takes nothing, so who keeps knocking is not shut out for it.
        """
        self._fill(moment, rate, burst)
        if self.tokens >= 1:
            self.tokens -= 1
            return 0.0
        return (1 - self.tokens) / rate

    def taken_elsewhere(self, count: int, moment: float, *, rate: float, burst: int) -> None:
        """Take out what others let in meanwhile."""
        self._fill(moment, rate, burst)
        self.tokens = max(self.tokens - count, float(-burst))

    def _fill(self, moment: float, rate: float, burst: int) -> None:
        self.tokens = min(self.tokens + max(moment - self.at, 0.0) * rate, float(burst))
        self.at = moment
