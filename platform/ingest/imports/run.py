"""Run an import: batches through the pipeline, the checkpoint in the transaction of its batch.

Row ids follow from the file's content and the row's number (or from an id column), so running a
file again adds nothing; a stopped import goes on behind its last finished batch.
"""

import csv
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from ingest import pipeline, quota
from ingest.auth import Principal
from ingest.batch import Batch, Circumstances, Rejected, Rejection
from ingest.imports import formats, lock, mapping
from ingest.models import Import
from ingest.outline import outline
from ingest.wire import Incoming
from kernel.errors import InvalidInput

OLDEST = timedelta(days=3653)
ROWS = 2_000

Progress = Callable[[Import], None]


class BadMapping(InvalidInput):
    """The columns can't be mapped to events."""

    code = "bad_mapping"
    title = "The mapping can't be used"


class ImportRunning(InvalidInput):
    """The file is being imported by another process."""

    code = "import_running"
    http_status = 409
    title = "The import is running"


def prepare(
    path: Path,
    *,
    name: str,
    kind: str,
    columns: dict[str, str],
    options: dict[str, str],
    now: datetime,
) -> Import:
    """The import of this file as ``kind``: the one begun before, or a new one.

    Raises ``UnreadableFile`` or ``BadMapping``.
    """
    form = options.get("format") or formats.format_of(name)
    first = next(formats.rows(path, form), None)
    if first is None:
        raise formats.UnreadableFile(f"{name} has no rows.")
    faults = mapping.missing(mapping.Mapping(kind=kind, columns=columns), list(first))
    if faults:
        raise BadMapping(" ".join(faults))
    job, created = Import.objects.get_or_create(
        digest=formats.digest(path),
        kind=kind,
        defaults={"created_at": now, "name": name[:200], "path": str(path)},
    )
    if created or job.rows_done == 0 or job.status != Import.Status.DONE:
        job.mapping, job.options, job.path = columns, options | {"format": form}, str(path)
        job.save()
    return job


def run(
    job: Import, *, principal: Principal, now: Callable[[], datetime], progress: Progress
) -> None:
    """Import what is left of ``job``; the tenant's schema is active.

    Raises ``ImportRunning`` while another process is at it, and what stops it.
    """
    with lock.held(job.pk) as mine:
        if not mine:
            raise ImportRunning("Another process is importing this file right now.")
        job.refresh_from_db()
        if job.status != Import.Status.DONE:
            _go_on(job, principal, now, progress)


def _go_on(
    job: Import, principal: Principal, now: Callable[[], datetime], progress: Progress
) -> None:
    job.status, job.error = Import.Status.RUNNING, ""
    job.save()
    plan = _plan(job)
    path = Path(job.path)
    rows = formats.rows(path, job.options.get("format"))
    numbered = enumerate(rows)
    for _ in islice(numbered, job.rows_done):
        pass
    while chunk := list(islice(numbered, ROWS)):
        _batch(job, chunk, plan, principal, now())
        progress(job)
    job.status, job.finished_at = Import.Status.DONE, now()
    job.rows_total = job.rows_done
    job.save()
    progress(job)


def rejects_path(job: Import, schema: str) -> Path:
    """Where the rows that were turned away are written: in the tenant's own folder of uploads."""
    folder: Path = settings.UPLOADS / schema
    return folder / f"{job.digest[:16]}.{job.kind}.rejected.csv"


def principal_of(tenant: Any) -> Principal:
    """The principal of whoever may run this process: no key, the tenant's own secret."""
    return Principal(
        tenant=tenant,
        schema=tenant.schema_name,
        slug=tenant.slug,
        secret=bytes(tenant.secret),
        key_prefix="",
        scopes=frozenset({"ingest"}),
        own_hosts=frozenset(tenant.own_hosts),
    )


def _plan(job: Import) -> mapping.Mapping:
    from zoneinfo import ZoneInfo

    zone = ZoneInfo(job.options.get("timezone") or "UTC")
    return mapping.Mapping(kind=job.kind, columns=job.mapping, zone=zone)


def _batch(
    job: Import,
    chunk: list[tuple[int, formats.Row]],
    plan: mapping.Mapping,
    principal: Principal,
    now: datetime,
) -> None:
    quota.gate().admit_events(principal)
    readable, unreadable = _mapped(job, chunk, plan)
    circumstances = Circumstances(
        now=now,
        secret=principal.secret,
        source=job.options.get("source") or "import",
        oldest=OLDEST,
        trusted=job.kind == mapping.RATES,
        own_hosts=principal.own_hosts,
    )
    batch = pipeline.start(readable, circumstances, tuple(unreadable))
    with transaction.atomic():
        batch = pipeline.run(batch)
        _count(job, len(chunk), batch)
        job.save()
    quota.gate().count(principal, batch)
    target = rejects_path(job, principal.schema)
    _write_rejects(target, batch.rejected, first=job.rows_done == len(chunk))


def _mapped(
    job: Import, chunk: list[tuple[int, formats.Row]], plan: mapping.Mapping
) -> tuple[list[tuple[int, Incoming]], list[Rejection]]:
    """Events with their row's number; both events of a row carry the same number."""
    readable, unreadable = [], []
    for number, row in chunk:
        try:
            found = mapping.events(row, plan, f"{job.digest}:{number}")
        except Rejected as error:
            unreadable.append(
                Rejection(
                    index=number, code=error.reason, detail=error.detail, excerpt=outline(row)
                )
            )
            continue
        readable += [(number, event) for event in found]
    return readable, unreadable


def _count(job: Import, rows: int, batch: Batch) -> None:
    job.rows_done += rows
    job.accepted += batch.accepted
    job.duplicates += len(batch.duplicates)
    job.rejected += len(batch.rejected)
    job.reasons = dict(Counter(job.reasons) + Counter(each.code for each in batch.rejected))


def _write_rejects(target: Path, rejected: tuple[Rejection, ...], *, first: bool) -> None:
    if first:
        target.unlink(missing_ok=True)
    if not rejected:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    new = not target.exists()
    with target.open("a", newline="") as file:
        writer = csv.writer(file)
        if new:
            writer.writerow(["row", "code", "detail", "outline"])
        writer.writerows(_lines(rejected))


def _lines(rejected: tuple[Rejection, ...]) -> Iterator[tuple[int, str, str, str]]:
    for each in rejected:
        yield each.index + 1, each.code, each.detail, each.excerpt
