"""Imports in the background. The task carries names and numbers, never rows."""

from celery import shared_task
from django.conf import settings
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from ingest.imports import lock
from ingest.imports.run import ImportRunning, principal_of, run
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
        except ImportRunning:
            return
        except (DomainError, DatabaseError, OSError) as error:
            text = error.detail if isinstance(error, DomainError) else str(error)
            Import.objects.filter(pk=import_id).update(
                status=Import.Status.FAILED, error=text[:300]
            )


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def resume_imports() -> None:
    """Give the uploaded files of workers that died to a worker that lives."""
    for tenant in get_tenant_model().objects.exclude(provisioned_at=None).order_by("pk"):
        with tenant_context(tenant):
            left = lock.abandoned(str(settings.UPLOADS / tenant.schema_name))
        for import_id in left:
            run_import.delay(schema=tenant.schema_name, import_id=import_id)
