"""Uploaded files: kept in the tenant's own folder until they are in the log."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from eventlog.tenancy import active_tenant
from ingest.imports import formats, mapping
from ingest.imports.run import BadMapping
from ingest.models import Import


def keep(file: "UploadedFile[Any]", *, name: str, kind: str, now: datetime) -> Import:
    """Write ``file`` below the tenant's folder and guess its mapping.

    A file that was uploaded before as the same kind gives its earlier import. Raises
    ``UnreadableFile``.
    """
    form = formats.format_of(name)
    folder: Path = settings.UPLOADS / active_tenant()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{uuid4().hex}{''.join(Path(name).suffixes[-2:])}"
    try:
        _write(path, file.chunks())
        first = _first_row(path, form, name)
        total = sum(1 for _ in formats.rows(path, form))
    except Exception:
        path.unlink(missing_ok=True)
        raise
    job, made = Import.objects.get_or_create(
        digest=formats.digest(path),
        kind=kind,
        defaults={
            "name": name[:200],
            "path": str(path),
            "mapping": mapping.guess(kind, list(first)),
            "options": {"format": form},
            "rows_total": total,
            "created_at": now,
        },
    )
    if not made:
        path.unlink(missing_ok=True)
    return job


def start(job: Import, columns: dict[str, str]) -> None:
    """Settle the mapping and let the import wait for a worker. Raises ``BadMapping``."""
    header = list(next(formats.rows(Path(job.path), job.options.get("format")), {}))
    faults = mapping.missing(mapping.Mapping(kind=job.kind, columns=columns), header)
    if faults:
        raise BadMapping(" ".join(faults))
    Import.objects.filter(pk=job.pk).update(mapping=columns, status=Import.Status.WAITING)


def _first_row(path: Path, form: str, name: str) -> formats.Row:
    for row in formats.rows(path, form):
        return row
    raise formats.UnreadableFile(f"{name} has no rows.")


def _write(path: Path, chunks: Iterable[bytes]) -> None:
    with path.open("wb") as target:
        for chunk in chunks:
            target.write(chunk)
