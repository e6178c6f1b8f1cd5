"""What the worker does for cases: look for explanations that did not come."""

import logging

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from regulator.cases import overdue

_log = logging.getLogger(__name__)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def look() -> None:
    """Every authority's overdue explanations; one tenant's trouble keeps no other waiting."""
    tenants = get_tenant_model().objects.filter(provisioned_at__isnull=False, kind="regulator")
    for tenant in tenants:
        try:
            with tenant_context(tenant):
                overdue.look(now=clock.now())
        except DatabaseError:
            _log.exception("the cases of %s were not looked at", tenant.schema_name)
