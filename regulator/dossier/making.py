"""Making a dossier: wait for the seal, write the bundle with its summary, say so in the log."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

from eventlog import catalogue, read
from eventlog.append import append
from eventlog.said import said
from eventlog.seal import queries as sealed
from evidence import bundle
from evidence.bundle import Contents, More
from evidence.contracts import NotSealedYet
from regulator import queries_cases
from regulator.cases.commands import SOURCE
from regulator.contracts_cases import EvidenceWritten
from regulator.dossier import chosen, content, jobs, summary
from regulator.dossier.chosen import Scope
from regulator.models import Dossier, Return
from tenants.models import Tenant

PAPER, FIGURES = "summary.pdf", "proof.json"
NAMED = {
    PAPER: "what was found, seen and done, with charts, to read",
    FIGURES: "the same figures and steps, for programs",
}
PATIENCE_SECONDS = 60.0
_LOOK_EVERY_SECONDS = 0.5
_TOLD_EVERY_SECONDS = 0.5


def make(
    job: Dossier, *, tenant: Tenant, now: datetime, patience: float = PATIENCE_SECONDS
) -> dict[str, object]:
    """Write a dossier's bundle in the active tenant; what to show of it.

    Raises ``NotSealedYet`` when the log is not sealed within ``patience`` seconds, and what
    ``bundle.write`` raises.
    """
    _wait(patience)
    scope, path = scope_of(job), jobs.path_of(job)
    papers: dict[str, bytes] = {}

    def made(contents: Contents) -> dict[str, bytes]:
        found = content.summary(scope, tenant=tenant, contents=contents, now=job.created_at)
        papers[FIGURES] = content.document(found, scope)
        sums = {**contents.sums, FIGURES: hashlib.sha256(papers[FIGURES]).hexdigest()}
        papers[PAPER] = summary.pdf(content.naming(found, sums))
        return papers

    written = bundle.write(
        path,
        selection=chosen.selection(scope, [name for name, _, _ in catalogue.all_types()]),
        organisation=tenant.name,
        now=job.created_at,
        progress=_told(job.pk),
        more=More(named=NAMED, made=made),
    )
    told = EvidenceWritten(
        operator=job.operator, case=scope.case, since=job.since, until=job.until,
        events=written.events, size=written.checkpoint.size, bundle=_sum(path),
        summary=written.sums[PAPER], actor=job.actor,
    )  # fmt: skip
    append([said("gaming.evidence_written", told, source=SOURCE, now=now)], recorded_at=now)
    return {
        "events": told.events, "size": told.size, "bundle": told.bundle, "summary": told.summary,
    }  # fmt: skip


def scope_of(job: Dossier) -> Scope:
    """Which events a job's bundle is to hold."""
    last = (job.until - timedelta(microseconds=1)).date()
    touched = Return.objects.filter(
        operator=job.operator, start__lte=last, end__gte=job.since.date()
    )
    returns = tuple(touched.order_by("place").values_list("event", flat=True))
    receipts = read.alongside(
        chosen.RECEIPT, types=chosen.RECORDS, start=job.since, end=job.until,
        having=("operator", job.operator),
    )  # fmt: skip
    scope = Scope(
        operator=job.operator, since=job.since, until=job.until, returns=returns,
        receipts=tuple(receipts),
    )  # fmt: skip
    if job.case is None:
        return scope
    case = queries_cases.case(UUID(str(job.case)))
    return replace(
        scope, case=case.id, reference=f"{case.reference} {case.title}",
        anomalies=chosen.anomalies(case.about),
    )  # fmt: skip


def _wait(patience: float) -> None:
    """Until a checkpoint covers what the log holds now: the newest step must be in the bundle."""
    target, until = read.head(), time.monotonic() + patience
    while sealed.covering(target) is None:
        if time.monotonic() >= until:
            raise NotSealedYet("The log's newest events are not sealed yet; try again soon.")
        time.sleep(_LOOK_EVERY_SECONDS)


def _told(number: int) -> Callable[[int, int], None]:
    """Writes progress down, twice a second at most."""
    told_at = float("-inf")

    def tell(done: int, total: int) -> None:
        nonlocal told_at
        if time.monotonic() - told_at >= _TOLD_EVERY_SECONDS or done >= total:
            told_at = time.monotonic()
            Dossier.objects.filter(pk=number).update(done=done, total=total)

    return tell


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
