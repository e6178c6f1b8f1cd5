"""What a task does for tenants one after the other: one's trouble keeps no other waiting."""

import logging
from collections.abc import Callable

from django.db import DatabaseError
from django_tenants.utils import tenant_context

from tenants.contracts import Kind
from tenants.models import Tenant

_log = logging.getLogger(__name__)


def each(
    kind: Kind, look: Callable[[Tenant], object], *, trouble: str,
    expected: tuple[type[Exception], ...] = (DatabaseError,),
) -> None:  # fmt: skip
    """Call ``look`` for each tenant of a kind, its schema active.

    What is ``expected`` to go wrong is logged as ``trouble``, which names the schema by ``%s``.
    """
    for tenant in Tenant.objects.filter(provisioned_at__isnull=False, kind=kind):
        try:
            with tenant_context(tenant):
                look(tenant)
        except expected:
            _log.exception(trouble, tenant.schema_name)
