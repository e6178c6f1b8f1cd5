"""A person's data made in the background: asked for, with its progress, kept sealed for a week.

What was made is stored wrapped under the tenant's key, so a database dump gives nothing of it away;
it goes when the request is closed.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction
from django_tenants.utils import tenant_context

from eventlog.keys import store
from kernel.errors import NotFound
from tenants.models import Tenant
from tenants.privacy import commands, export, holdings, queries
from tenants.privacy.contracts import Step
from tenants.privacy.models import Export

KEPT = timedelta(days=7)
_TOLD_EVERY_SECONDS = 0.5


class NoExport(NotFound):
    """The data of this request was not made, or is kept no longer."""

    code = "no_export"
    title = "Not made yet"


def ask(*, tenant: Tenant, request_id: str, actor: str, now: datetime) -> None:
    """Have the worker make the data of a request; that it was asked for is a step of it."""
    from tenants.privacy import tasks  # which calls ``make``

    with tenant_context(tenant), transaction.atomic():
        commands.take_step(
            tenant=tenant, request_id=request_id, step=Step.EXPORTED, actor=actor, now=now
        )
        Export.objects.update_or_create(
            request_id=request_id,
            defaults={
                "status": Export.Status.WAITING, "done": 0, "total": 0, "sealed": None,
                "asked_at": now, "finished_at": None,
            },
        )  # fmt: skip
        transaction.on_commit(
            lambda: tasks.make_export.delay(schema=tenant.schema_name, request_id=request_id)
        )


def make(*, request_id: str, organisation: str, now: datetime) -> None:
    """Make the data of a request of the active tenant; of one closed meanwhile, nothing."""
    row = Export.objects.filter(request_id=request_id)
    if not row.update(status=Export.Status.RUNNING):
        return
    subjects = holdings.stitched([queries.request(request_id).subject])
    try:
        found = export.document(
            subjects=subjects, organisation=organisation, now=now, progress=_told(request_id)
        )
        sealed = store.wrap(export.archive(found), context=_purpose(request_id), now=now)
    except Exception:
        row.update(status=Export.Status.FAILED, finished_at=now)
        raise
    row.update(status=Export.Status.DONE, sealed=sealed, finished_at=now)


def opened(request_id: str, *, now: datetime) -> bytes:
    """The zip that was made for a request; raises ``NoExport``."""
    row = Export.objects.filter(request_id=request_id, status=Export.Status.DONE).first()
    if row is None or row.sealed is None:
        raise NoExport("Have it made first; it is kept for a week.")
    return store.unwrap(bytes(row.sealed), context=_purpose(request_id), now=now)


def forget_old(*, now: datetime) -> int:
    """Delete what was made more than a week ago; how many."""
    return int(Export.objects.filter(asked_at__lt=now - KEPT).delete()[0])


def of(request_id: str) -> Export | None:
    """How far the data of a request is."""
    return Export.objects.filter(request_id=request_id).defer("sealed").first()


def _told(request_id: str) -> Callable[[int, int], None]:
    """Writes progress down, twice a second at most."""
    told_at = float("-inf")

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= _TOLD_EVERY_SECONDS or done >= total:
            told_at = time.monotonic()
            Export.objects.filter(request_id=request_id).update(done=done, total=total)

    return tell


def _purpose(request_id: str) -> str:
    return f"data of request {request_id}"
