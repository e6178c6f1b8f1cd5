"""``manage.py project``: the process that keeps all projections up to date."""

import signal
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from eventlog.projector import Projector, advance_all, schemas, seal_some


class Command(BaseCommand):
    """Advance every projection of every tenant and seal its log, until told to stop."""

    help = "Keep all projections of all tenants up to date; with --once, catch up and end."

    def add_arguments(self, parser: CommandParser) -> None:
        """``--once``."""
        parser.add_argument("--once", action="store_true", help="catch up and end")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run; TERM and INT let the batch in hand finish."""
        if options["once"]:
            applied = sum(advance_all(schema) for schema in schemas())
            while sum(seal_some(schema) for schema in schemas()):
                pass
            self.stdout.write(f"{applied} events applied")
            return
        projector = Projector()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: projector.stop())
        projector.run()
