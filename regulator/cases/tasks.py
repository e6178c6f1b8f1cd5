"""What the worker does for cases: look for explanations that did not come."""

from celery import shared_task

from kernel import clock
from regulator.cases import overdue
from tenants import rounds
from tenants.contracts import Kind


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def look() -> None:
    """Every authority's overdue explanations; one tenant's trouble keeps no other waiting."""
    rounds.each(
        Kind.REGULATOR, lambda _: overdue.look(now=clock.now()),
        trouble="the cases of %s were not looked at",
    )  # fmt: skip
