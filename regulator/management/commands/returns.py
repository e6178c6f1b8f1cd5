"""``manage.py returns FILE --tenant SLUG --map field=column ...``."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from regulator.returns import files


class Command(BaseCommand):
    """File every return of an official file; run it again and nothing is filed twice."""

    help = "File operators' returns from a CSV, NDJSON or Parquet file, a row a version."

    def add_arguments(self, parser: CommandParser) -> None:
        """The file, whose register it is for, and which column is which field."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--map", action="append", nargs="+", default=[], metavar="FIELD=COLUMN")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read, file, sum up; what can't be used ends with a sentence and 1."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        path = options["file"]
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        columns = dict(
            pair.partition("=")[::2] for group in options["map"] for pair in group if "=" in pair
        )
        try:
            with tenant_context(tenant):
                taken = files.file_all(
                    path, name=path.name, currency=tenant.currency, columns=columns or None,
                    now=clock.now(),
                )  # fmt: skip
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(
            f"{taken.kept:,} filed, {taken.repeated:,} already there, {taken.refused:,} refused."
        )
        for line in taken.why:
            self.stdout.write(f"  {line}")
