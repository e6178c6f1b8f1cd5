"""What the worker does for alerts: deliver, look at rules."""

import logging
from datetime import timedelta

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, schema_context

from alerts import counting, outbox, watching
from kernel import clock

KEPT = timedelta(days=90)
_log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def deliver(*, schema: str) -> None:
    """Send what is due of one tenant."""
    with schema_context(schema):
        outbox.deliver(now=clock.now())


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def look() -> None:
    """Every tenant's rules and deliveries; one tenant's trouble keeps no other waiting."""
    tenants = get_tenant_model().objects.exclude(provisioned_at=None)
    for schema in tenants.values_list("schema_name", flat=True):
        try:
            with schema_context(schema):
                now = clock.now()
                watching.look(now=now)
                outbox.deliver(now=now)
                outbox.forget(before=now - KEPT)
                counting.forget(before=now - counting.KEPT)
        except DatabaseError:
            _log.exception("the alerts of %s were not looked at", schema)
