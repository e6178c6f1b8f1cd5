"""``manage.py rewrap``: wrap every tenant's keys under a new master key."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import schema_context

from eventlog.keys import store
from eventlog.projector import schemas
from kernel.errors import DomainError


class Command(BaseCommand):
    """Wrap all tenants' keys under the first key of TOUCHSTONE_MASTER_KEY."""

    help = (
        "Wrap every tenant's keys under the first key of TOUCHSTONE_MASTER_KEY. "
        "Afterwards the earlier ones behind it can be removed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Tenant by tenant; safe to repeat."""
        changed = 0
        try:
            for schema in schemas():
                with schema_context(schema):
                    changed += store.rewrap()
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{changed} keys wrapped anew")
