"""`manage.py attribute FILE`: credit of a file of paths, without a database."""

from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from attribution.credit import MODELS, Paths, attribute, choose_order, parse
from attribution.credit.files import read_file
from attribution.credit.report import as_json, as_table
from kernel.errors import DomainError

_AUTO = "auto"
_FORMATS = {"json": as_json, "table": as_table}


class Command(BaseCommand):
    """Parse, attribute, render."""

    help = "Credit the channels of a file of paths (csv, csv.gz, parquet, JSON lines)."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The file, the model and how to answer."""
        parser.add_argument(
            "file", type=Path, metavar="FILE", help="a file of paths, or the folder of an export"
        )
        parser.add_argument(
            "--engine",
            choices=["duckdb", "spark"],
            default="duckdb",
            help="what counts the paths of an export",
        )
        parser.add_argument("--model", choices=sorted(MODELS), default="markov")
        parser.add_argument(
            "--order",
            type=_order,
            help="touches a Markov state remembers, 1-4, or auto: as many as predict held-out "
            "journeys (other models have no order)",
        )
        parser.add_argument(
            "--whole-paths",
            action="store_true",
            help="for --order auto: hold out all journeys of a path together, for reports that "
            "list frequent paths alone",
        )
        parser.add_argument(
            "--replicates", type=int, default=200, help="bootstrap samples for the intervals"
        )
        parser.add_argument("--no-intervals", action="store_true", help="point estimates alone")
        parser.add_argument("--seed", type=int, default=0, help="of bootstrap and folds")
        parser.add_argument("--format", choices=sorted(_FORMATS), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the credit; a file or an option that can't be used ends with a sentence and 1."""
        try:
            paths = self._paths(options["file"], options["engine"])
            credit = attribute(
                paths,
                options["model"],
                replicates=0 if options["no_intervals"] else options["replicates"],
                seed=options["seed"],
                **self._params(paths, options),
            )
        except DomainError as error:
            raise CommandError(error.detail) from None
        if credit.dropped_rows:
            self.stderr.write(f"{credit.dropped_rows} rows without a touch were left out.")
        self.stdout.write(_FORMATS[options["format"]](credit))

    def _paths(self, source: Path, engine: str) -> Paths:
        if not source.is_dir():
            return parse(read_file(source))
        from attribution.scale.engines import of_export

        return of_export(source, engine)

    def _params(self, paths: Paths, options: dict[str, Any]) -> dict[str, Any]:
        order = options["order"]
        if order is None or "order" not in MODELS[options["model"]].defaults:
            return {}
        if order == _AUTO:
            choice = choose_order(paths, seed=options["seed"], whole_paths=options["whole_paths"])
            self.stderr.write(choice.sentence())
            order = choice.order
        return {"order": order}


def _order(text: str) -> int | str:
    if text == _AUTO:
        return text
    try:
        return int(text)
    except ValueError:
        raise ArgumentTypeError(f"{text!r} is neither a whole number nor auto") from None
