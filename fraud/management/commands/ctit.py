"""`manage.py ctit FILE`: which sources' click to install times are not people's."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from fraud.ctit import Norms, judge
from fraud.ctit.files import Columns, read
from fraud.ctit.report import as_json, as_table
from kernel.errors import DomainError

_FORMATS = {"json": as_json, "table": as_table}


class Command(BaseCommand):
    """Parse, judge, render."""

    help = (
        "Find sources (publishers) that claim installs they did not cause, from a file of clicks "
        "and installs (csv, csv.gz, parquet, JSON lines). Needs no database."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, what its columns are called, the norms and how to answer."""
        columns, norms = Columns(), Norms()
        parser.add_argument("file", type=Path, metavar="FILE", help="a row a click, or an install")
        parser.add_argument(
            "--source", default=columns.source, metavar="COLUMN", help="who delivered the click"
        )
        parser.add_argument(
            "--clicked", default=columns.clicked, metavar="COLUMN", help="when it was clicked"
        )
        parser.add_argument(
            "--installed", default=columns.installed, metavar="COLUMN",
            help="when the app was installed; empty where it was not",
        )  # fmt: skip
        parser.add_argument(
            "--seconds", metavar="COLUMN", help="click to install time, instead of both times"
        )
        parser.add_argument("--cost", type=float, help="what an install costs, to show money")
        parser.add_argument(
            "--false-discoveries", type=float, default=norms.false_discoveries, metavar="SHARE",
            help="of all findings, how many may be due to chance (%(default)s)",
        )  # fmt: skip
        for name in ("within_hour", "within_day", "injected", "hijacked", "spam"):
            parser.add_argument(
                f"--{name.replace('_', '-')}", type=float, default=getattr(norms, name),
                metavar="SHARE", help=f"the norm {name.replace('_', ' ')} (%(default)s)",
            )  # fmt: skip
        parser.add_argument("--format", choices=sorted(_FORMATS), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the judgement; what can't be used ends with a sentence and 1."""
        names = Norms.__dataclass_fields__
        try:
            norms = Norms(**{name: options[name] for name in names})
            columns = Columns(**{name: options[name] for name in Columns.__dataclass_fields__})
            clicks = read(options["file"], columns)
            judged = judge(clicks, norms)
        except DomainError as error:
            raise CommandError(error.detail) from None
        self.stdout.write(_FORMATS[options["format"]](clicks, judged, cost=options["cost"]))
