"""Imports in the background. The task carries names and numbers, never rows."""

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from ingest.imports.run import principal_of, run
from ingest.models import Import
from kernel import clock
from kernel.errors import DomainError


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def run_import(*, schema: str, import_id: int) -> None:
    """Import what is left of a tenant's file; a worker that dies leaves it to the next try."""
    tenant = get_tenant_model().objects.get(schema_name=schema)
    with tenant_context(tenant):
        job = Import.objects.get(pk=import_id)
        try:
            run(job, principal=principal_of(tenant), now=clock.now, progress=lambda _: None)
        except (DomainError, DatabaseError, OSError) as error:
            text = error.detail if isinstance(error, DomainError) else str(error)
            Import.objects.filter(pk=import_id).update(
                status=Import.Status.FAILED, error=text[:300]
            )
