"""``manage.py rebuild NAME --tenant SLUG``: empty a projection and apply the whole log again."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection
from django_tenants.utils import get_tenant_model, tenant_context
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eventlog import subscriptions
from kernel.errors import DomainError


class Command(BaseCommand):
    """Rebuild one projection of one tenant."""

    help = "Empty a projection and build it again from the log."

    def add_arguments(self, parser: CommandParser) -> None:
        """The projection's name and the tenant."""
        parser.add_argument("name", help="one of: " + ", ".join(subscriptions.names()))
        parser.add_argument("--tenant", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset, then apply batch by batch under a progress bar."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant):
                applied = self._rebuild(options["name"])
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{options['name']}: {applied} events applied")

    def _rebuild(self, name: str) -> int:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns) as progress:
            bar = progress.add_task(name, total=_events())
            subscriptions.reset(name)
            applied = 0
            while (step := subscriptions.advance(name)) or subscriptions.settle(name):
                applied += step
                progress.update(bar, completed=applied)
        return applied


def _events() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM event")
        return int(cursor.fetchone()[0])
