"""How long an operator waits at most between two deliveries, as a rule; learned as they come. Pure.

An upper expectile of the distances (Newey & Powell, Econometrica 1987), followed by weights: a
longer distance moves it twenty times as much as a shorter one. Of a feed that delivers by the clock
it is the interval; of one that delivers when there is something, what few distances exceed. Batches
within a minute are one delivery; a distance counts at most four times what was usual, so that an
outage does not become the habit that hides the next one.
"""

from datetime import timedelta

DELIVERY = timedelta(minutes=1)
_LONGER, _SHORTER = 0.2, 0.01
_MOST = 4.0


def after(usual: float | None, distance: timedelta) -> float | None:
    """The usual distance in seconds once ``distance`` has passed between two batches."""
    seconds = distance.total_seconds()
    if seconds < DELIVERY.total_seconds():
        return usual
    if usual is None:
        return seconds
    weight = _LONGER if seconds > usual else _SHORTER
    return usual + weight * (min(seconds, _MOST * usual) - usual)
