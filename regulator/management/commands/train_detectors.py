"""``manage.py train_detectors --tenant SLUG``: from a market's hours to detectors that judge."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context

from kernel import clock
from kernel.errors import DomainError
from ml.autoencoder.fitted import PASSES
from regulator.learned import tracking
from regulator.learned.card import card
from regulator.learned.run import described, outcome, run
from regulator.learned.steps import Step
from tenants.contracts import Kind


class Command(BaseCommand):
    """Train a regulator's detectors."""

    help = "Learn a regulator's detectors of its market's past; what passes its gate judges."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, how thoroughly."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--passes", type=int, default=PASSES, help="of the network's training")
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:
        """Train, tell, show the card."""
        tenants = get_tenant_model().objects.filter(kind=Kind.REGULATOR)
        tenant = tenants.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no regulator {options['tenant']!r}.")
        now = clock.now()
        try:
            with tenant_context(tenant):
                found = run(seed=options["seed"], passes=options["passes"], now=now, told=_told)
                tracking.sync()
        except DomainError as error:
            raise CommandError(error.detail) from None
        item = described(found, seconds=0.0, now=now)
        self.stdout.write(card(item, failures=found.failures))
        self.stdout.write(outcome(found))


def _told(step: Step, words: str) -> None:
    sys.stderr.write(f"{step.capitalize()}: {words}\n")
