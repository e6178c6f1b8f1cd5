"""``manage.py export --tenant SLUG``: the tenant's tables as Parquet, day by day."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import get_tenant_model, tenant_context
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from attribution.scale.export import export
from attribution.scale.tables import TABLES


class Command(BaseCommand):
    """Write what changed since the last export; run it again to resume."""

    help = "Export a tenant's tables as partitioned Parquet; running it again writes what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The tenant, which tables, where to."""
        names = [table.name for table in TABLES]
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--tables", nargs="+", choices=names, default=names)
        parser.add_argument(
            "--to", type=Path, metavar="FOLDER",
            help="the tenant's own folder is made in it (default: the exports of this product)",
        )  # fmt: skip

    def handle(self, *args: Any, **options: Any) -> None:
        """Export under a progress bar, sum up."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        folder = (options["to"] or settings.EXPORTS) / tenant.schema_name
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        with Progress(*columns) as bar, tenant_context(tenant):
            tasks = {name: bar.add_task(name, total=None) for name in options["tables"]}

            def show(table: str, done: int, total: int) -> None:
                bar.update(tasks[table], completed=done, total=total)

            manifest = export(
                folder, tenant=tenant.slug, currency=tenant.currency, progress=show,
                tables=tuple(table for table in TABLES if table.name in options["tables"]),
            )  # fmt: skip
        for name in options["tables"]:
            self.stdout.write(
                f"{name}: {manifest.rows[name]:,} rows in {len(manifest.files[name]):,} days"
            )
        self.stdout.write(f"In {folder}")
