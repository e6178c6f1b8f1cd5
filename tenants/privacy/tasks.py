"""What the worker does for privacy: let old events go."""

from celery import shared_task
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from tenants.privacy import retention


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def expire_events() -> None:
    """Let every tenant's old events expire as its policy says."""
    for tenant in get_tenant_model().objects.filter(provisioned_at__isnull=False):
        with tenant_context(tenant):
            retention.apply(now=clock.now())
