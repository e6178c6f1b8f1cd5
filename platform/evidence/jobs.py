"""Jobs as the pages see them: start one, find the newest, where a bundle lies."""

from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings

from eventlog.seal.verify import Report
from eventlog.tenancy import active_tenant
from evidence.contracts import Selection
from evidence.models import Job
from kernel.errors import NotFound

_SHOWN = 20


def start(
    kind: Job.Kind, *, now: datetime, selection: Selection | None = None, since: int | None = None
) -> Job:
    """A new job, for the task to take up; a verification under way is given back instead."""
    if kind is Job.Kind.VERIFY:
        under_way = Job.objects.filter(
            kind=kind, status__in=(Job.Status.WAITING, Job.Status.RUNNING)
        ).first()
        if under_way is not None:
            return under_way
    asked = msgspec.to_builtins(selection) if selection else {}
    if since is not None:
        asked["since"] = since
    return Job.objects.create(kind=kind, selection=asked, created_at=now)


def newest(kind: Job.Kind, *, limit: int) -> list[Job]:
    """The newest jobs of a kind."""
    return list(Job.objects.filter(kind=kind).order_by("-pk")[:limit])


def one(job_id: int, kind: Job.Kind) -> Job:
    """The job of that number; raises ``NotFound``."""
    job = Job.objects.filter(pk=job_id, kind=kind).first()
    if job is None:
        raise NotFound("There is no such job.")
    return job


def selection_of(job: Job) -> Selection:
    """What the job's bundle is to hold."""
    asked = {name: value for name, value in job.selection.items() if name != "since"}
    return msgspec.convert(asked, Selection)


def path_of(job: Job) -> Path:
    """Where the job's bundle lies, in the tenant's own folder."""
    return Path(settings.STATE) / "evidence" / active_tenant() / f"{job.pk}.zip"


def result_of(report: Report) -> dict[str, Any]:
    """A verification's outcome as the job keeps it: the first findings, the rest counted."""
    return {
        "size": report.size,
        "verified": report.verified,
        "checkpoints": report.checkpoints,
        "unsealed": report.unsealed,
        "expired": report.expired,
        "damages": msgspec.to_builtins(report.damages[:_SHOWN]),
        "damaged": len(report.damages),
    }
