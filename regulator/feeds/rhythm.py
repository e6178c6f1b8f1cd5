"""How long an operator usually waits between two deliveries, learned as they come. Pure.

An exponentially weighted mean (Roberts, Technometrics 1959) of the distances. Batches within a
minute are one delivery; a distance counts at most four times what was usual, so that an outage
does not become the habit that hides the next one.
"""

from datetime import timedelta

DELIVERY = timedelta(minutes=1)
_WEIGHT = 0.1
_MOST = 4.0


def after(usual: float | None, distance: timedelta) -> float | None:
    """The usual distance in seconds once ``distance`` has passed between two batches."""
    seconds = distance.total_seconds()
    if seconds < DELIVERY.total_seconds():
        return usual
    if usual is None:
        return seconds
    return (1 - _WEIGHT) * usual + _WEIGHT * min(seconds, _MOST * usual)
