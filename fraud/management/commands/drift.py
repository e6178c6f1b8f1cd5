"""``manage.py drift --tenant SLUG``: what the hourly look would find of a tenant's model now."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context
from rich.console import Console
from rich.table import Table

from fraud.drift import measuring, store, words
from fraud.drift.measuring import Look
from kernel import clock

_SHOWN = 15


class Command(BaseCommand):
    """Tell whether a tenant's model has drifted."""

    help = "Hold a tenant's traffic of the last 24 hours against what its model learned from."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose, and how many features."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument(
            "--features", type=int, default=_SHOWN, metavar="N", help="show the N that moved most"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Look, tell; nothing is kept and nobody is told."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant):
                found = measuring.look(now=clock.now())
                champion = measuring.champion()
        except store.AWAY:
            raise CommandError("Redis is away, and the counts are there.") from None
        if found is None:
            raise CommandError(
                f"Of the model {champion[:8]} nothing was kept to hold its traffic against; train a"
                " new one."
                if champion
                else "No model takes part in scores."
            )
        _show(found, Console(file=self.stdout), options["features"])  # type: ignore[arg-type]  # it writes


def _show(found: Look, console: Console, most: int) -> None:
    told = found.report
    console.print(f"The model {found.model[:8]}, {told.events:,} events of the last 24 hours.")
    console.print(words.headline(told), highlight=False)
    for reason in words.reasons(found):
        console.print(f"- {reason}", style="bold", highlight=False, markup=False)
    if found.performance and not found.worse:
        console.print(words.performance(found.performance), highlight=False)
    if found.milliseconds is not None:
        console.print(f"99 of 100 batches were scored within {found.milliseconds:,.1f} ms.")
    table = Table("", title="What moved most; bold: more than chance explains")
    for name, side in (("PSI", "right"), ("by chance", "right"), ("KS", "right")):
        table.add_column(name, justify=side, no_wrap=True)  # type: ignore[arg-type]  # a literal
    table.add_column("Middle half then")
    table.add_column("now")
    for each in (*told.outputs, *told.features[:most]):
        table.add_row(
            f"{words.name(each.name)}\n{each.name}",
            f"{each.psi:.2f}", f"{each.chance:.2f}", f"{each.ks:.2f}",
            words.spread(each.name, each.then), words.spread(each.name, each.now),
            style="bold" if each.drifted else "", end_section=True,
        )  # fmt: skip
    console.print(table)
