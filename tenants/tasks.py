"""What the worker does for people: carry letters."""

from datetime import timedelta

from celery import shared_task

from kernel import clock
from tenants.mail import outbox

KEPT = timedelta(days=30)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def deliver_mail() -> None:
    """Send the letters that are due; forget those long done."""
    now = clock.now()
    outbox.deliver(now=now)
    outbox.forget(before=now - KEPT)
