"""`manage.py docs`: write the generated documents, or check that they are current."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from config.documents import DOCUMENTS


class Command(BaseCommand):
    """Write docs/events.md and docs/channels.md from the code; ``--check`` only compares."""

    help = "Write the generated documents; with --check, fail when one is not current."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's attribute

    def add_arguments(self, parser: CommandParser) -> None:
        """``--check``."""
        parser.add_argument("--check", action="store_true", help="compare, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or compare each document."""
        stale = [path for path, render in DOCUMENTS.items() if self._differs(path, render())]
        if options["check"]:
            if stale:
                raise CommandError(f"Not current: {', '.join(stale)}. Run `manage.py docs`.")
            self.stdout.write(f"{len(DOCUMENTS)} generated documents are current.")
            return
        for path in stale:
            (Path(settings.ROOT) / path).write_text(DOCUMENTS[path]())
            self.stdout.write(f"wrote {path}")

    def _differs(self, path: str, content: str) -> bool:
        file = Path(settings.ROOT) / path
        return not file.exists() or file.read_text() != content
