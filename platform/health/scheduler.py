"""Celery's beat with a sign of life."""

from celery.beat import PersistentScheduler

from health import beats
from health.probes.processes import SCHEDULER


class Scheduler(PersistentScheduler):  # type: ignore[misc]  # the library is untyped
    """Ticks as its parent does, and says so."""

    def tick(self, *args: object, **kwargs: object) -> float:
        """Send what is due; returns the seconds until the next tick."""
        beats.beat(SCHEDULER)
        pause: float = super().tick(*args, **kwargs)
        return pause
