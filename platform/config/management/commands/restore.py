"""``manage.py restore FOLDER``: a backup into the empty database the settings name."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from runtime import backup
from tenants import provisioning


class Command(BaseCommand):
    """Bring a backup back, into another server too."""

    help = "Restore a backup into an empty database, and see that every reader finds its place."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's attribute

    def add_arguments(self, parser: CommandParser) -> None:
        """The folder ``backup`` made."""
        parser.add_argument("folder", type=Path, help="the dated folder of a backup")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        """Restore, then bring the schemas to this program's migration."""
        try:
            provisioning.ensure_role(settings.DATABASE_URL)
            manifest = backup.restore(
                url=settings.DATABASE_URL,
                state=settings.STATE,
                folder=folder,
                say=self.stdout.write,
            )
        except (backup.BackupFailed, OSError) as problem:
            raise CommandError(str(problem)) from None
        provisioning.bootstrap()
        events = sum(manifest.events.values())
        self.stdout.write(f"✓ {events:,} events of {len(manifest.events)} tenants are back.")
        self.stdout.write("  Prove it with: manage.py log verify --tenant SLUG")
