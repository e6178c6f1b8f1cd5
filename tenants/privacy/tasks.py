"""What the worker does for privacy: let old events go."""

import logging

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from tenants.privacy import exports, retention

_log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def make_export(*, schema: str, request_id: str) -> None:
    """Make the data of a request."""
    tenant = get_tenant_model().objects.get(schema_name=schema)
    with tenant_context(tenant):
        exports.make(request_id=request_id, organisation=tenant.name, now=clock.now())


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def expire_events() -> None:
    """Let every tenant's old events expire as its policy says, and forget data made long ago.

    A tenant for which that fails is tried again the next time; the others do not wait for it.
    """
    for tenant in get_tenant_model().objects.filter(provisioned_at__isnull=False):
        try:
            with tenant_context(tenant):
                retention.apply(now=clock.now())
                exports.forget_old(now=clock.now())
        except (DatabaseError, DomainError):
            _log.exception("events of %s did not expire", tenant.schema_name)
