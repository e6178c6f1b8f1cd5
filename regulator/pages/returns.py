"""Returns: a file of them, filed row by row."""

import tempfile
from pathlib import Path

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import DomainError, InvalidInput
from portal.pages import page, render_page
from regulator.returns import files
from regulator.returns.files import Taken
from tenants.contracts import Permission

_LARGEST = 20 * 1024 * 1024


@never_cache
@require_http_methods(["GET", "POST"])
@page(Permission.IMPORT_DATA)
def index(request: HttpRequest) -> HttpResponse:
    """What a file must look like, and filing one; what became of it is in this answer."""
    taken, problem = None, ""
    if request.method == "POST":
        try:
            taken = _file(request)
        except DomainError as error:
            problem = error.detail
    context = {
        "taken": taken,
        "problem": problem,
        "columns": [(field, names, field in files.REQUIRED) for field, names in _NAMES.items()],
    }
    return render_page(request, "regulator/returns.html", context, status=400 if problem else 200)


_NAMES = {field: ", ".join(names) for field, names in files.COLUMNS.items()}


def _file(request: HttpRequest) -> Taken:
    sent = request.FILES.get("file")
    if not isinstance(sent, UploadedFile) or sent.name is None:
        raise InvalidInput("Choose a file.", field="file")
    if (sent.size or 0) > _LARGEST:
        raise InvalidInput("A file has 20 MB at most here; use manage.py returns for more.")
    name = Path(sent.name).name
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"returns{''.join(Path(name).suffixes[-2:])}"
        with path.open("wb") as copy:
            for chunk in sent.chunks():
                copy.write(chunk)
        tenant = request.tenant  # type: ignore[attr-defined]  # the middleware's
        return files.file_all(path, name=name, currency=tenant.currency, now=clock.now())
