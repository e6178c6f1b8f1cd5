"""``manage.py erase --tenant SLUG --user ID``: erase a person by deleting its keys."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.errors import DomainError
from tenants import acts
from tenants.models import Tenant
from tenants.privacy import commands


class Command(BaseCommand):
    """Erase one person in one tenant."""

    help = "Erase a person and everything stitched to it: its keys are deleted, the log stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whom, and where."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        whom = parser.add_mutually_exclusive_group(required=True)
        whom.add_argument("--user", metavar="ID", help="a user id as senders give it")
        whom.add_argument("--anonymous", metavar="ID", help="an anonymous id as senders give it")
        whom.add_argument("--subject", metavar="PSEUDONYM")

    def handle(self, *args: Any, **options: Any) -> None:
        """Erase, and say how many subjects there were."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        kind = next(name for name in ("user", "anonymous", "subject") if options[name] is not None)
        try:
            subject = commands.subject_of(tenant=tenant, id_kind=kind, value=options[kind])
            erased = commands.erase(
                tenant=tenant, subject=subject, actor=acts.NOBODY, now=clock.now()
            )
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(f"{len(erased)} subjects erased: {', '.join(erased)}")
