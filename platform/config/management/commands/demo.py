"""`manage.py demo`: make the demo's tenants and load their data as a customer would."""

import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser
from django_tenants.utils import tenant_context
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from attribution import tasks
from attribution.learned import fitting
from config import demo, demo_market, demo_new_york, demo_tenants
from eventlog import subscriptions
from kernel import clock
from tenants.contracts import Kind
from tenants.models import Tenant

_PAUSE_SECONDS = 0.2


class Command(BaseCommand):
    """Load what is missing, wait until the pages show it, say where to look."""

    help = "Make the demo's tenants and load their data; safe to repeat and to cut off."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where the product is served."""
        parser.add_argument("--port", type=int, required=True, help="the served product's port")
        parser.add_argument("--touches", type=int, default=demo.TOUCHES)

    def handle(self, *args: Any, **options: Any) -> None:
        """Tenants, data, projections, `.touchstone/demo.json`, the panel."""
        now = clock.now()
        url = f"http://{settings.BASE_DOMAIN}:{options['port']}"
        file = settings.STATE / "demo.json"
        known = demo.read_logins(file)
        logins = []
        for plan in demo.planned(settings.DATA_DIR):
            tenant, login = demo_tenants.ensure(plan, known.get(plan.slug), url=url, now=now)
            logins.append(login)
            self._load(tenant, plan, options["touches"], now)
        demo.write_logins(file, url, logins)
        console = Console(soft_wrap=True, highlight=False)
        console.rule()
        for line in demo.lines(url, logins):
            console.print(line, markup=False)
        console.rule()
        console.print("Ctrl-C stops everything.")

    def _load(self, tenant: Tenant, plan: demo.Planned, touches: int, now: datetime) -> None:
        with tenant_context(tenant):
            if plan is demo.JULY:
                self._import(tenant, settings.DATA_DIR / demo.REAL_TOUCHES)
            elif not demo_tenants.stamp(tenant).exists():
                self._simulate(tenant, plan, touches, now)
            if plan is demo.MERIDIAN and not demo_market.official_stamp(tenant).exists():
                self._official(tenant, now)
            self._catch_up(tenant)
            if plan.kind is Kind.ADVERTISER and fitting.due(now=now, after=timedelta(days=1)):
                self.stdout.write(f"{tenant.slug}: the trainer fits its models meanwhile")
                tasks.ask_for_fit(schema=tenant.schema_name)

    def _import(self, tenant: Tenant, path: Path) -> None:
        self.stdout.write(f"{tenant.slug}: importing 62 thousand real touches")
        call_command(
            "import", str(path), tenant=tenant.slug, kind="touchpoints", map=[demo.REAL_COLUMNS],
            stdout=self.stdout,
        )  # fmt: skip

    def _official(self, tenant: Tenant, now: datetime) -> None:
        if not demo_new_york.here(settings.DATA_DIR):
            self.stdout.write(
                f"{tenant.slug}: New York's official figures are not here, so its operators are"
                " simulated alone"
            )
            return
        self.stdout.write(f"{tenant.slug}: filing New York's official weekly figures")
        demo_market.official_into(tenant, settings.DATA_DIR, now=now, out=self.stdout)

    def _simulate(self, tenant: Tenant, plan: demo.Planned, touches: int, now: datetime) -> None:
        if plan is demo.TIDEPOOL:
            what, steps = "a month of installs", demo_tenants.installs_into(tenant, now=now)
        elif plan is demo.MERIDIAN:
            what, steps = "a market of three operators", demo_market.market_into(tenant, now=now)
        else:
            what = "90 days"
            steps = demo_tenants.simulate_into(tenant, touches=touches, now=now)
        with _bar() as bar:
            task = bar.add_task(f"{tenant.slug}: simulating {what}", total=None)
            for done, total in steps:
                bar.update(task, total=total, completed=done)

    def _catch_up(self, tenant: Tenant) -> None:
        """Wait for the projector, or do its work where none runs."""
        waiting = sum(lag.events for lag in subscriptions.lags())
        if not waiting:
            return
        with _bar() as bar:
            task = bar.add_task(f"{tenant.slug}: building what the pages show", total=waiting)
            while left := sum(lag.events for lag in subscriptions.lags()):
                bar.update(task, completed=max(waiting - left, 0))
                if not sum(
                    subscriptions.advance(name, limit=20_000) for name in subscriptions.names()
                ):
                    time.sleep(_PAUSE_SECONDS)
            bar.update(task, completed=waiting)


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn()
    )
