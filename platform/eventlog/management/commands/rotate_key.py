"""``manage.py rotate_key --tenant SLUG``: a new tenant key, and its people under it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eventlog.keys import store
from eventlog.subjects import rewrap
from kernel import clock
from kernel.errors import DomainError


class Command(BaseCommand):
    """Rotate one tenant's key."""

    help = (
        "Give a tenant a new key and wrap the keys of its people under it. Ingestion goes on. "
        "Stopped in between, run it again with --continue."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """The tenant, and whether a new key is there already."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument(
            "--continue", action="store_true", dest="resume", help="under the key there is"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """A new key, then the people's keys under a progress bar."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant):
                if not options["resume"]:
                    self.stdout.write(f"Key {store.rotate(now=clock.now())} of {tenant.slug} made.")
                done = self._rewrap()
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"{done} keys of people wrapped under it. Earlier keys stay for what they signed."
        )

    def _rewrap(self) -> int:
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        now, done = clock.now(), 0
        with Progress(*columns) as progress:
            bar = progress.add_task("people", total=rewrap.left(now=now))
            for step in rewrap.rewrap(now=now):
                done += step
                progress.update(bar, completed=done)
        return done
