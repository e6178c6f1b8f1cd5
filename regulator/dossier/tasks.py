"""Dossiers in the background. Tasks carry a tenant's schema and a dossier's number."""

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from regulator.models import Dossier


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def write(*, schema: str, dossier: int) -> None:
    """Write a bundle; what fails is written down with the reason."""
    from regulator.dossier import making  # with what sets a PDF, which the web does not carry

    tenant = get_tenant_model().objects.get(schema_name=schema)
    with tenant_context(tenant):
        job = Dossier.objects.filter(pk=dossier)
        job.update(status=Dossier.Status.RUNNING)
        try:
            result = making.make(job.get(), tenant=tenant, now=clock.now())
        except (DomainError, DatabaseError, OSError) as error:
            text = error.detail if isinstance(error, DomainError) else str(error)
            job.update(status=Dossier.Status.FAILED, error=text[:300], finished_at=clock.now())
        except Exception:
            # Whoever asks again would be told for ever that it is being written.
            text = "It broke off; the worker's log says why."
            job.update(status=Dossier.Status.FAILED, error=text, finished_at=clock.now())
            raise
        else:
            job.update(status=Dossier.Status.DONE, result=result, finished_at=clock.now())
