"""The import pages: upload a file, say what its columns are, watch it go in."""

from itertools import islice
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from eventlog.tenancy import active_tenant
from ingest import tasks
from ingest.imports import formats, mapping, uploads
from ingest.imports.run import rejects_path
from ingest.models import Import
from kernel import clock
from kernel.errors import DomainError, InvalidInput, NotFound
from portal.pages import page, render_page

PERMISSION = "import_data"
PREVIEWED, LISTED = 20, 50
KINDS = {
    mapping.TOUCHPOINTS: "Touchpoints: clicks and impressions, perhaps with conversions",
    mapping.CONVERSIONS: "Conversions: orders, sign-ups",
    mapping.SPEND: "Spend: what channels and campaigns cost per day",
    mapping.RATES: "Exchange rates: what a unit of a currency is worth from a day on",
    mapping.EVENTS: "Events of any type",
}


@require_http_methods(["GET", "POST"])
@page(PERMISSION)
def index(request: HttpRequest) -> HttpResponse:
    """Past imports and the upload; a file that can't be read is said so beside the field."""
    problem = ""
    if request.method == "POST":
        try:
            job = _uploaded(request)
        except DomainError as error:
            problem = error.detail
        else:
            return redirect("import", job.pk)
    past = Import.objects.order_by("-pk")[:LISTED]
    context = {"imports": past, "kinds": KINDS, "problem": problem}
    return render_page(request, "ingest/imports.html", context, status=400 if problem else 200)


@require_http_methods(["GET", "POST"])
@page(PERMISSION)
def detail(request: HttpRequest, import_id: int) -> HttpResponse:
    """One import: its mapping with a preview while it waits, its progress once it runs."""
    job = _job(import_id)
    if job.status != Import.Status.UPLOADED:
        return render_page(request, "ingest/import.html", _progress(job))
    problem = ""
    if request.method == "POST":
        chosen = {field: request.POST.get(f"field-{field}", "") for field in _fields(job)}
        try:
            uploads.start(job, {field: column for field, column in chosen.items() if column})
        except DomainError as error:
            problem = error.detail
        else:
            tasks.run_import.delay(schema=active_tenant(), import_id=job.pk)
            return redirect("import", job.pk)
    return render_page(
        request, "ingest/mapping.html", _preview(job, problem), status=400 if problem else 200
    )


@require_POST
@page(PERMISSION)
def resume(request: HttpRequest, import_id: int) -> HttpResponse:
    """Go on with an import that stopped."""
    job = _job(import_id)
    if job.status == Import.Status.FAILED:
        Import.objects.filter(pk=job.pk).update(status=Import.Status.WAITING, error="")
        tasks.run_import.delay(schema=active_tenant(), import_id=job.pk)
    return redirect("import", job.pk)


@page(PERMISSION)
def rejected(request: HttpRequest, import_id: int) -> HttpResponse:
    """The rows that were turned away, with the reasons, as a CSV."""
    path = rejects_path(_job(import_id), active_tenant())
    if not path.exists():
        raise NotFound("No row of this import was turned away.")
    answer = HttpResponse(path.read_bytes(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{path.name}"'
    return answer


def _uploaded(request: HttpRequest) -> Import:
    file = request.FILES.get("file")
    if not isinstance(file, UploadedFile):
        raise InvalidInput("Choose a file.")
    kind = request.POST.get("kind", "")
    if kind not in KINDS:
        raise InvalidInput("Say what the rows are.")
    return uploads.keep(file, name=file.name or "upload", kind=kind, now=clock.now())


def _job(import_id: int) -> Import:
    job = Import.objects.filter(pk=import_id).first()
    if job is None:
        raise NotFound("There is no such import.")
    return job


def _fields(job: Import) -> tuple[str, ...]:
    return mapping.FIELDS[job.kind]


def _preview(job: Import, problem: str) -> dict[str, object]:
    rows = list(islice(formats.rows(Path(job.path), job.options.get("format")), PREVIEWED))
    header = list(rows[0]) if rows else []
    required = mapping.REQUIRED[job.kind]
    return {
        "job": job,
        "header": header,
        "rows": [[row.get(name) for name in header] for row in rows],
        "fields": [(name, job.mapping.get(name, ""), name in required) for name in _fields(job)],
        "problem": problem,
        "kind": KINDS[job.kind],
    }


def _progress(job: Import) -> dict[str, object]:
    running = job.status in (Import.Status.WAITING, Import.Status.RUNNING)
    share = job.rows_done / job.rows_total if job.rows_total else 0.0
    reasons = sorted(job.reasons.items(), key=lambda pair: -pair[1])
    return {"job": job, "running": running, "share": min(share, 1.0), "reasons": reasons}
