"""`manage.py lint_migrations`: refuse a migration that would disturb the release still serving."""

from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db.migrations.loader import MigrationLoader

from config.migration_rules import Finding, findings, unwaived

BASELINE = Path(__file__).parents[2] / "migrations_before_release.txt"


class Command(BaseCommand):
    """Read every migration of ours; no database is needed."""

    help = "Check that migrations can run while the release before them still serves."
    requires_system_checks: list[str] = []  # noqa: RUF012  # Django's attribute

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what was checked, or fail with every broken rule and what to do instead."""
        loader = MigrationLoader(None)
        found = every(loader)
        known = baseline(BASELINE.read_text())
        wrong = [str(each) for each in found if (each.migration, each.rule) not in known]
        stale = known - {(each.migration, each.rule) for each in found}
        wrong += [f"{name} [{rule}] is in the list but breaks no rule" for name, rule in stale]
        if wrong:
            raise CommandError("\n".join([*sorted(wrong), "The rules: docs/operations.md."]))
        self.stdout.write(f"{len(ours(loader))} migrations keep to the rules.")


def ours(loader: MigrationLoader) -> list[tuple[str, str]]:
    """The migrations of apps that lie in this repository."""
    root = Path(settings.ROOT)
    near = {
        each.label
        for each in apps.get_app_configs()
        if root in Path(each.path).parents and ".venv" not in Path(each.path).parts
    }
    return sorted(key for key in loader.graph.nodes if key[0] in near)


def every(loader: MigrationLoader) -> list[Finding]:
    """What all of them break and do not waive."""
    found: list[Finding] = []
    for key in ours(loader):
        migration = loader.graph.nodes[key]
        before = loader.project_state(key, at_end=False)
        found += unwaived(findings(migration, before), getattr(migration, "waives", {}))
    return found


def baseline(text: str) -> set[tuple[str, str]]:
    """``app.migration rule`` per line; ``#`` begins a remark."""
    lines = (line.partition("#")[0].split() for line in text.splitlines())
    return {(line[0], line[1]) for line in lines if line}
