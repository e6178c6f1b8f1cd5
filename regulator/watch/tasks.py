"""What the worker does for the watch: the light pass, the nightly one, and alerts after each."""

from collections.abc import Callable
from datetime import datetime

from celery import shared_task
from django.db import DatabaseError

from eventlog import subscriptions
from kernel import clock
from kernel.errors import DomainError
from regulator.feeds import projection as feeds
from regulator.figures import projection as figures
from regulator.watch import amounts, projection
from tenants import rounds
from tenants.contracts import Kind
from tenants.models import Tenant

_NEEDED = (figures.NAME, feeds.NAME, amounts.NAME, projection.NAME)
_LATE_SECONDS = 60.0


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def hours() -> None:
    """Look at the last hours of every authority's operators, and tell of what is new."""
    from regulator.watch import passes, telling

    def look(now: datetime) -> None:
        passes.hours(now=now)
        subscriptions.catch_up(projection.NAME)
        telling.tell(now=now)

    _each(look)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def days() -> None:
    """Look at days, weeks and returns, and learn what games pay."""
    from regulator.watch import passes, telling

    def look(now: datetime) -> None:
        passes.learn_games(now=now)
        passes.days(now=now)
        subscriptions.catch_up(projection.NAME)
        telling.tell(now=now)

    _each(look)


def _each(look: Callable[[datetime], None]) -> None:
    """Every authority whose projections are up to date; one's trouble keeps no other waiting.

    Figures that lag behind the log would look like records that are missing.
    """

    def watched(_: Tenant) -> None:
        if max(subscriptions.lag(name).seconds for name in _NEEDED) <= _LATE_SECONDS:
            look(clock.now())

    rounds.each(
        Kind.REGULATOR, watched, trouble="the operators of %s were not watched",
        expected=(DatabaseError, DomainError),
    )  # fmt: skip
