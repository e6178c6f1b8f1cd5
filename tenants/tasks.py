"""What the worker does for people: carry letters, keep counts."""

from datetime import timedelta

from celery import shared_task

from kernel import clock
from tenants import usage
from tenants.mail import outbox
from tenants.quotas import store

KEPT = timedelta(days=30)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def deliver_mail() -> None:
    """Send the letters that are due; forget those long done."""
    now = clock.now()
    outbox.deliver(now=now)
    outbox.forget(before=now - KEPT)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def keep_usage() -> None:
    """Move the counts of usage from Redis into rows; what can't be moved now waits there."""
    with store.client() as client:
        usage.keep(client=client, now=clock.now())
