"""Attribution's work in the background. Tasks carry a tenant's schema and nothing else."""

from datetime import timedelta

from celery import shared_task
from django_tenants.utils import get_tenant_model, tenant_context

from attribution.learned import fitting
from kernel import clock

FIT_AFTER = timedelta(minutes=10)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def fit_all() -> None:
    """Ask for a fit of every tenant that has none, or moved on since one made a while ago."""
    tenants = get_tenant_model().objects.filter(provisioned_at__isnull=False, kind="advertiser")
    for tenant in tenants:
        with tenant_context(tenant):
            due = fitting.due(now=clock.now(), after=FIT_AFTER)
        if due:
            fit.delay(schema=tenant.schema_name)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def fit(*, schema: str) -> None:
    """Fit the learned models of a tenant to its journeys and replace their credit."""
    with tenant_context(get_tenant_model().objects.get(schema_name=schema)):
        fitting.fit(now=clock.now())
