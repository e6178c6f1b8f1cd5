"""``manage.py models --tenant SLUG``: a tenant's models, and where MLflow keeps their runs."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context
from rich.console import Console
from rich.table import Table

from fraud.training import registry, tracking
from fraud.training.item import ModelItem
from ml.tracking import Held

_DASH = "\N{EN DASH}"
_FIGURES = {"average_precision": "Average precision", "auc": "AUC", "recall": "Recall",
            "calibration_error": "Calibration error"}  # fmt: skip


class Command(BaseCommand):
    """List a tenant's models."""

    help = "List a tenant's fraud models: state, aliases, figures, and their runs in MLflow."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Read both, show them side by side."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        with tenant_context(tenant):
            items, held = registry.models(), tracking.held()
        _show(items, held, self.stdout)


def _show(items: list[ModelItem], held: Held, out: Any) -> None:
    console = Console(file=out)
    console.print(_table(items, held) if items else "There is no model yet.")


def _table(items: list[ModelItem], held: Held) -> Table:
    table = Table("Model", "State", "Aliases", *_FIGURES.values(), "Learned from", "Trained (UTC)")
    table.add_column("MLflow run", no_wrap=True)
    for item in items:
        told = held.versions.get(item.digest)
        table.add_row(
            f"{item.digest[:8]} {item.family}", item.state,
            ", ".join(alias for alias, digest in held.aliases.items() if digest == item.digest),
            *(_figure(item.figures, name) for name in _FIGURES),
            f"{item.learned_from['examples']:,} ({item.learned_from['fraud']:,} false)",
            f"{item.registered_at:%Y-%m-%d %H:%M}", told.run if told else _DASH,
        )  # fmt: skip
    return table


def _figure(figures: Mapping[str, float], name: str) -> str:
    return f"{figures[name]:.3f}" if name in figures else _DASH
