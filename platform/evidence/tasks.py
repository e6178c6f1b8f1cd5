"""Evidence in the background. Tasks carry a tenant's schema and a job's number."""

import time

from celery import shared_task
from django.db import DatabaseError
from django_tenants.utils import get_tenant_model, tenant_context

from eventlog.seal.verify import State
from evidence import bundle, jobs, run
from evidence.models import Job
from kernel import clock
from kernel.errors import DomainError

_TOLD_EVERY_SECONDS = 0.5


class _Progress:
    """Writes a job's progress down, twice a second at most."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self.at = job_id, float("-inf")

    def __call__(self, done: int, total: int) -> None:
        moment = time.monotonic()
        if moment - self.at >= _TOLD_EVERY_SECONDS or done >= total:
            self.at = moment
            Job.objects.filter(pk=self.job_id).update(done=done, total=total)


@shared_task  # type: ignore[untyped-decorator]  # the library is untyped
def run_job(*, schema: str, job_id: int) -> None:
    """Verify the tenant's log or write a bundle; what fails is written down with the reason."""
    tenant = get_tenant_model().objects.get(schema_name=schema)
    with tenant_context(tenant):
        job = Job.objects.get(pk=job_id)
        Job.objects.filter(pk=job_id).update(status=Job.Status.RUNNING)
        try:
            result = _work(job, tenant.name)
        except (DomainError, DatabaseError, OSError) as error:
            text = error.detail if isinstance(error, DomainError) else str(error)
            Job.objects.filter(pk=job_id).update(
                status=Job.Status.FAILED, error=text[:300], finished_at=clock.now()
            )
        except Exception:
            # Whoever asks again would be told for ever that it is under way.
            Job.objects.filter(pk=job_id).update(
                status=Job.Status.FAILED, error="It broke off; the worker's log says why.",
                finished_at=clock.now(),
            )  # fmt: skip
            raise
        else:
            Job.objects.filter(pk=job_id).update(
                status=Job.Status.DONE, result=result, finished_at=clock.now()
            )


def _work(job: Job, organisation: str) -> dict[str, object]:
    told = _Progress(job.pk)
    if job.kind == Job.Kind.VERIFY:

        def progress(state: State) -> None:
            told(min(state.next, state.size), state.size)

        return jobs.result_of(run.verification(now=clock.now(), progress=progress))
    written = bundle.write(
        jobs.path_of(job),
        selection=jobs.selection_of(job),
        organisation=organisation,
        now=clock.now(),
        since=job.selection.get("since"),
        progress=told,
    )
    return {"events": written.events, "size": written.checkpoint.size}
