# ruff: noqa: N999  # the command is called import
"""``manage.py import FILE --tenant SLUG --as KIND --map field=column ...``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from ingest.auth import Principal
from ingest.imports import formats, mapping
from ingest.imports.run import prepare, principal_of, rejects_path, run
from ingest.models import Import
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    """Import a file of touchpoints, conversions, spend or events; run it again to resume."""

    help = "Import a CSV, NDJSON or Parquet file; running it again resumes and adds nothing twice."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, the tenant, what the rows are, and which column is which field."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--as", required=True, dest="kind", choices=tuple(mapping.FIELDS))
        parser.add_argument("--map", action="append", nargs="+", default=[], metavar="FIELD=COLUMN")
        parser.add_argument("--timezone", default="UTC", help="of times without an offset")
        parser.add_argument("--source", default="import", help="the events' source")
        parser.add_argument("--format", choices=formats.FORMATS)

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, run under a progress bar, sum up."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        path = options["file"].resolve()
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        try:
            with tenant_context(tenant):
                job = self._prepare(path, options)
                self._run(job, principal_of(tenant))
        except DomainError as error:
            raise CommandError(error.detail) from error
        self._sum_up(job, tenant.schema_name)

    def _prepare(self, path: Path, options: dict[str, Any]) -> Import:
        columns = _columns(options["map"])
        if not columns:
            first = next(formats.rows(path, options["format"]), {})
            columns = mapping.guess(options["kind"], list(first))
            self.stdout.write("Guessed --map " + " ".join(f"{k}={v}" for k, v in columns.items()))
        chosen = {name: options[name] for name in ("timezone", "source", "format") if options[name]}
        return prepare(
            path,
            name=path.name,
            kind=options["kind"],
            columns=columns,
            options=chosen,
            now=clock.now(),
        )

    def _run(self, job: Import, principal: Principal) -> None:
        if job.rows_done:
            self.stdout.write(f"Going on behind row {job.rows_done:,} ({job.status}).")
        total = sum(1 for _ in formats.rows(Path(job.path), job.options.get("format")))
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            TaskProgressColumn(),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}"),
        )
        with Progress(*columns) as bar:
            task = bar.add_task(job.name, total=total, completed=job.rows_done, note="")

            def show(job: Import) -> None:
                note = f"{job.accepted:,} events, {job.rejected:,} rejected"
                bar.update(task, completed=job.rows_done, note=note)

            run(job, principal=principal, now=clock.now, progress=show)

    def _sum_up(self, job: Import, schema: str) -> None:
        self.stdout.write(
            f"{job.rows_done:,} rows: {job.accepted:,} new events,"
            f" {job.duplicates:,} already there, {job.rejected:,} rejected."
        )
        for code, count in sorted(job.reasons.items(), key=lambda pair: -pair[1]):
            self.stdout.write(f"  {code}: {count:,}")
        if job.rejected:
            self.stdout.write(f"The rejected rows and why: {rejects_path(job, schema)}")


def _columns(pairs: list[list[str]]) -> dict[str, str]:
    columns = {}
    for pair in (each for group in pairs for each in group):
        field, separator, column = pair.partition("=")
        if not separator:
            raise CommandError(f"--map takes field=column, not {pair!r}.")
        columns[field.strip()] = column.strip()
    return columns
