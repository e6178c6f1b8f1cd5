"""The log integrity page: the newest checkpoint, the history, verify now, download evidence."""

import base64
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import cast
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_POST

from eventlog.contracts import Cursor
from eventlog.seal import queries as sealed
from eventlog.seal import signing
from eventlog.seal.queries import SealedCheckpoint
from eventlog.tenancy import active_tenant
from evidence import jobs, tasks
from evidence.contracts import Selection
from evidence.models import Job
from kernel import clock
from kernel.errors import InvalidInput, NotFound
from portal.pages import page, render_page
from portal.tables import csv_response

PERMISSION = "verify_log"

LISTED, EXPORTED = 25, 100_000
MOST_IDS = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A checkpoint as the page shows it; ``grew`` is how many events it covers beyond the last."""

    size: int
    root: str
    sealed_at: datetime
    grew: int | None
    asked: bool


@require_GET
@page(PERMISSION)
def log(request: HttpRequest) -> HttpResponse:
    """The state of the tenant's sealed log."""
    if request.GET.get("format") == "csv":
        return _csv()
    below = _number(request, "below")
    held = sealed.history(limit=LISTED + 1, below=below)
    newest = sealed.history(limit=1)
    asked, covering = _asked(request)
    context = {
        "newest": newest[0] if newest else None,
        "root": _text(newest[0].root) if newest else "",
        "waiting": sealed.waiting(),
        "rows": _rows(held, covering),
        "older": held[LISTED - 1].size if len(held) > LISTED else None,
        "below": below,
        "asked": asked,
        "covering": covering,
        "keys": list(reversed(signing.known())),
        "verification": next(iter(jobs.newest(Job.Kind.VERIFY, limit=1)), None),
        "exports": jobs.newest(Job.Kind.EXPORT, limit=5),
        "running": _running(),
        "host": request.get_host(),
        "scheme": request.scheme,
        "problem": request.GET.get("problem", "")[:200],
    }
    return render_page(request, "evidence/log.html", context)


@require_POST
@page(PERMISSION)
def verify(request: HttpRequest) -> HttpResponse:
    """Have the worker verify the whole log; one that is under way is not started twice."""
    job = jobs.start(Job.Kind.VERIFY, now=clock.now())
    if job.status == Job.Status.WAITING:
        tasks.run_job.delay(schema=active_tenant(), job_id=job.pk)
    return redirect(reverse("log") + "#verification")


@require_POST
@page(PERMISSION)
def export(request: HttpRequest) -> HttpResponse:
    """Have the worker write an evidence bundle."""
    job = jobs.start(
        Job.Kind.EXPORT,
        now=clock.now(),
        selection=_selection(request),
        since=_number(request, "since"),
    )
    tasks.run_job.delay(schema=active_tenant(), job_id=job.pk)
    return redirect(reverse("log") + "#evidence")


@require_GET
@page(PERMISSION)
def download(request: HttpRequest, job_id: int) -> HttpResponse:
    """The bundle a job has written."""
    path = jobs.path_of(jobs.one(job_id, Job.Kind.EXPORT))
    if not path.exists():
        raise NotFound("This bundle is not there (yet, or any more).")
    answer = FileResponse(path.open("rb"), as_attachment=True, filename=f"evidence-{job_id}.zip")
    answer["Cache-Control"] = "private, no-store"
    return cast("HttpResponse", answer)  # streamed, which the kit's type of a page does not know


@require_GET
@page(PERMISSION)
def checkpoint(request: HttpRequest, size: int) -> HttpResponse:
    """A checkpoint's signed note as a text file, to keep."""
    found = sealed.at_size(size)
    if found is None:
        raise NotFound("No checkpoint was signed at this size.")
    answer = HttpResponse(found.note, content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="checkpoint-{size}.txt"'
    return answer


def _selection(request: HttpRequest) -> Selection:
    ids = request.POST.get("ids", "").replace(",", " ").split()
    if len(ids) > MOST_IDS:
        raise InvalidInput(f"Give {MOST_IDS} event ids at most.", field="ids")
    try:
        chosen = tuple(UUID(each) for each in ids)
    except ValueError:
        raise InvalidInput("One of the event ids is none.", field="ids") from None
    end = _day(request, "to")
    return Selection(
        start=_day(request, "from"),
        end=end + timedelta(days=1) if end else None,
        subject=request.POST.get("subject", "").strip()[:200],
        type=request.POST.get("type", "").strip()[:200],
        ids=chosen,
    )


def _day(request: HttpRequest, name: str) -> datetime | None:
    text = request.POST.get(name, "").strip()
    if not text:
        return None
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None or not 1 < day.year < 9999:
        raise InvalidInput("A day is written like 2026-11-20.", field=name)
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _number(request: HttpRequest, name: str) -> int | None:
    text = request.GET.get(name) or request.POST.get(name) or ""
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise InvalidInput("A size is a whole number.", field=name)
    return int(text)


def _asked(request: HttpRequest) -> tuple[Cursor | None, SealedCheckpoint | None]:
    """The place in the log a figure stands on, and the first checkpoint that covers it."""
    xid, position = _number(request, "xid"), _number(request, "position")
    if xid is None or position is None:
        return None, None
    return Cursor(xid, position), sealed.covering(Cursor(xid, position))


def _rows(held: list[SealedCheckpoint], covering: SealedCheckpoint | None) -> list[Row]:
    earlier = [each.size for each in held[1:]] + [None if len(held) > LISTED else 0]
    return [
        Row(
            size=each.size,
            root=_text(each.root),
            sealed_at=each.sealed_at,
            grew=None if before is None else each.size - before,
            asked=covering is not None and each.size == covering.size,
        )
        for each, before in zip(held[:LISTED], earlier, strict=False)
    ]


def _running() -> bool:
    return bool(Job.objects.filter(status__in=(Job.Status.WAITING, Job.Status.RUNNING)).exists())


def _csv() -> HttpResponse:
    rows = [
        (each.size, _text(each.root), each.sealed_at, each.note)
        for each in sealed.history(limit=EXPORTED)
    ]
    return csv_response("checkpoints.csv", ["size", "root", "sealed_at", "note"], rows)


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
