"""``manage.py backup FOLDER``: the database and the files beside it, as one dated folder."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from runtime import backup


class Command(BaseCommand):
    """Make a backup while the product runs."""

    help = "Back up the database, uploads and models; the master key is yours to keep apart."

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder in which a dated one is made."""
        parser.add_argument("folder", type=Path, help="where to put the dated folder")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Dump and say what is in it."""
        try:
            made = backup.back_up(
                url=settings.DATABASE_URL,
                state=settings.STATE,
                into=folder,
                now=clock.now(),
                say=self.stdout.write,
            )
        except (backup.BackupFailed, OSError) as problem:
            raise CommandError(str(problem)) from None
        manifest = backup.read(made)
        events = sum(manifest.events.values())
        self.stdout.write(f"✓ {made}: {events:,} events of {len(manifest.events)} tenants.")
        self.stdout.write("  Bring it back with: manage.py restore " + str(made))
