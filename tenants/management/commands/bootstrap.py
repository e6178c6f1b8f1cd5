"""`manage.py bootstrap`: bring the database to the present state; safe to run at every start."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from tenants import provisioning


class Command(BaseCommand):
    """Create the application's role and the shared schema, migrate every tenant."""

    help = "Prepare the database: role, shared schema, every tenant's schema. Safe to repeat."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's attribute

    def handle(self, *args: Any, **options: Any) -> None:
        """Needs the owner's URL; says what it does."""
        self.stdout.write("Preparing the database: role, shared schema, tenants' schemas …")
        provisioning.ensure_role(settings.DATABASE_URL)
        provisioning.bootstrap(verbosity=0)
        self.stdout.write("The database is up to date.")
