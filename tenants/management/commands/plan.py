"""`manage.py plan SLUG [NAME]`: say which plan a tenant has, or give it another."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from kernel import clock
from kernel.errors import DomainError
from tenants import usage
from tenants.models import Tenant
from tenants.quotas.plans import PLANS


class Command(BaseCommand):
    """Show or change a tenant's plan."""

    help = "Show a tenant's plan, or change it."

    def add_arguments(self, parser: CommandParser) -> None:
        """Tenant and plan."""
        parser.add_argument("slug")
        parser.add_argument("plan", nargs="?", choices=list(PLANS))

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the plan; change it first when one is named."""
        tenant = Tenant.objects.filter(slug=options["slug"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['slug']!r}.")
        try:
            if options["plan"]:
                usage.change_plan(tenant=tenant, plan=options["plan"], now=clock.now())
            plan = usage.plan_for(tenant)
        except DomainError as error:
            raise CommandError(error.detail) from error
        self.stdout.write(
            f"{tenant.slug} has the plan {plan.label}: {plan.events:,} events a month,"
            f" {plan.rate:g} requests a second (bursts of {plan.burst:,}), {plan.seats} seats."
        )
