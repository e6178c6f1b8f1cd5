"""`manage.py backtest`: what other thresholds would have decided on a tenant's own history."""

import sys
from argparse import ArgumentParser
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import msgspec
from django.core.management.base import BaseCommand, CommandError
from django_tenants.utils import tenant_context
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from eventlog import read
from fraud.backtests.run import compare
from fraud.scoring import policy
from fraud.scoring.backtest import Backtest, Change
from fraud.scoring.decide import Policy, PolicyUnusable
from kernel import clock
from kernel.errors import DomainError
from tenants.models import Tenant

MOST_PUBLISHERS = 20


class Command(BaseCommand):
    """Parse, replay, render."""

    help = (
        "Replay a tenant's log and compare the policy that holds with another: which events would "
        "have been let through, held for review or blocked, by which rule, of which publisher."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whose log, how far back, and what is tried."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--days", type=int, default=14, help="judge so many (%(default)s)")
        parser.add_argument(
            "--set", action="append", default=[], metavar="THRESHOLD=VALUE",
            help="try a threshold, as injected_click.ctit.below=2.5; again for more",
        )  # fmt: skip
        parser.add_argument("--review", type=int, help="somebody looks from this score on")
        parser.add_argument("--block", type=int, help="blocked from this score on")
        parser.add_argument("--format", choices=("table", "json"), default="table")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the comparison; what can't be used ends with a sentence and 1."""
        tenant = Tenant.objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant):
                held = policy.current()
                found = _run(held, _tried(held, options), days=options["days"])
        except DomainError as error:
            raise CommandError(error.detail) from None
        if options["format"] == "json":
            self.stdout.write(msgspec.json.encode(asdict(found)).decode())
        else:
            _show(found)


def _tried(held: Policy, options: dict[str, Any]) -> Policy:
    own = dict(held.thresholds)
    for text in options["set"]:
        name, _, value = text.partition("=")
        try:
            own[name] = float(value)
        except ValueError:
            raise PolicyUnusable(f"{text!r} is not THRESHOLD=VALUE.") from None
    tried = replace(
        held, thresholds=own, review=options["review"] or held.review,
        block=options["block"] or held.block,
    )  # fmt: skip
    policy.check(tried)
    return tried


def _run(held: Policy, tried: Policy, *, days: int) -> Backtest:
    since = clock.now() - timedelta(days=days)
    with Progress(console=Console(file=sys.stderr), transient=True) as progress:
        task = progress.add_task("Replaying the log", total=max(read.count(), 1))
        return compare(
            held=held, tried=tried, since=since,
            told=lambda done: progress.update(task, completed=done),
        )  # fmt: skip


def _show(found: Backtest) -> None:
    console = Console()
    console.print(
        f"{found.events:,} events judged; {found.newly:,} would newly be held back, "
        f"{found.no_longer:,} no longer."
    )
    _table(console, "Verdict", found.verdicts)
    _table(console, "Rule", found.rules)
    _table(console, "Kind", found.kinds)
    _table(console, "Publisher", found.publishers[:MOST_PUBLISHERS])


def _table(console: Console, what: str, changes: tuple[Change, ...]) -> None:
    shown = Table(what, "Now", "Tried", "Difference", "Of")
    for column in shown.columns[1:]:
        column.justify = "right"
    for each in changes:
        shown.add_row(each.name, f"{each.before:,}", f"{each.after:,}",
                      f"{each.difference:+,}", f"{each.of:,}")  # fmt: skip
    console.print(shown)
