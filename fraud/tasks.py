"""What the worker does for fraud: watch publishers, keep the refund ledger."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from attribution import queries as attribution
from eventlog import subscriptions
from fraud import watching
from fraud.refunds import commands
from kernel import clock

_SEEN = "fraud-watched-to"
_AGAIN_SECONDS = 3_600
"""Judged again after so long though nothing came: days pass."""
_LATE_SECONDS = 10.0
_log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def watch() -> None:
    """Judge the publishers of every tenant of which something new is known.

    One tenant's trouble keeps no other waiting.
    """
    tenants = get_tenant_model().objects.filter(provisioned_at__isnull=False, kind="advertiser")
    for tenant in tenants:
        try:
            with tenant_context(tenant):
                place = attribution.checkpoint()
                if cache.get(_SEEN) != place:
                    watching.watch(now=clock.now())
                    if subscriptions.lag(commands.LEDGER).seconds > _LATE_SECONDS:
                        continue  # what is due already may not be in the ledger yet
                    commands.keep_up(now=clock.now())
                    cache.set(_SEEN, place, _AGAIN_SECONDS)
        except DatabaseError:
            _log.exception("the publishers of %s were not judged", tenant.schema_name)
