"""``manage.py train fraud --tenant SLUG [--labels FILE]``: from the log to a registered model."""

import sys
import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django_tenants.utils import get_tenant_model, tenant_context
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from eventlog import read
from fraud.labels.files import say_all
from fraud.training import progress as noted
from fraud.training import tracking
from fraud.training.members import NAMES
from fraud.training.run import outcome, run
from fraud.training.steps import TRIALS, Step
from fraud.training.train import Trained
from kernel import clock
from kernel.errors import DomainError

PATIENCE_SECONDS = 60.0


class Command(BaseCommand):
    """Train a tenant's model."""

    help = "Train a tenant's fraud model from its log and labels; a better one can be promoted."

    def add_arguments(self, parser: CommandParser) -> None:
        """What, whose, from which labels, how thoroughly."""
        parser.add_argument("what", choices=["fraud"])
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument(
            "--labels", type=Path, metavar="FILE",
            help="CSV with event and fraud, and kind, note, at if you like; kept as events",
        )  # fmt: skip
        parser.add_argument("--trials", type=int, default=TRIALS, help="of the search; 0: defaults")
        parser.add_argument(
            "--networks", action="store_true",
            help="train the networks too, which takes minutes; the worker does so once a week",
        )  # fmt: skip
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--promote", action="store_true", help="make it the champion at once")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say the labels, train, tell."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant), Progress(console=Console(file=sys.stderr)) as progress:
                if options["labels"]:
                    self._labels(options["labels"], progress)
                found = self._train(progress, options)
                tracking.sync()
        except DomainError as error:
            raise CommandError(error.detail) from None
        _show(found, self.stdout)

    def _labels(self, path: Path, progress: Progress) -> None:
        if not path.is_file():
            raise CommandError(f"{path} is not a file.")
        task = progress.add_task("Labels", total=None)
        taken = say_all(
            path, now=clock.now(), told=lambda done: _moved(progress, task, f"{done:,}")
        )
        self.stdout.write(
            f"{taken.kept:,} labels kept, {taken.repeated:,} known before,"
            f" {taken.refused:,} refused"
        )
        for why in taken.why:
            self.stdout.write(f"  {why}")
        _await_the_log()

    def _train(self, progress: Progress, options: dict[str, Any]) -> Trained:
        tasks = {
            step: progress.add_task(step.capitalize(), total=1, visible=False) for step in Step
        }

        def told(step: Step, words: str) -> None:
            progress.update(tasks[step], visible=True, completed=1)
            _moved(progress, tasks[step], words, step.capitalize())
            noted.tell(step, words)

        noted.begin()
        try:
            found = run(
                seed=options["seed"], trials=options["trials"], promote=options["promote"],
                networks=options["networks"], now=clock.now(), told=told,
            )  # fmt: skip
        except DomainError as error:
            noted.end(error.detail, failed=True)
            raise
        except BaseException:
            noted.end("The training broke off.", failed=True)
            raise
        noted.end(outcome(found), failed=bool(found.failures))
        return found


def _await_the_log() -> None:
    """Wait, a minute at most, until what was said can be read: older transactions hold it back."""
    newest, patience = read.latest(limit=1), time.monotonic() + PATIENCE_SECONDS
    while newest and time.monotonic() < patience:
        head = read.head()
        if (head.xid, head.position) >= (newest[0].cursor.xid, newest[0].cursor.position):
            return
        time.sleep(0.1)


def _moved(progress: Progress, task: TaskID, words: str, name: str = "Labels") -> None:
    progress.update(task, description=f"{name}: {words}")


def _show(found: Trained, out: Any) -> None:
    """What was learned, what it can, and whether it may judge."""
    table = Table(
        "", "Figure", "95 % interval", title="On the latest events, which it has not seen"
    )
    judged = found.judged
    rows = (
        ("Average precision", judged.average_precision, judged.average_precision_interval),
        ("AUC", judged.auc, judged.auc_interval),
        ("Found at 0.5 % false alarms", judged.recall, None),
        ("Calibration error", judged.calibration_error, None),
    )
    for name, value, interval in rows:
        table.add_row(
            name, f"{value:.3f}", f"{interval[0]:.3f} to {interval[1]:.3f}" if interval else ""
        )
    console = Console(file=out)
    console.print(table)
    counts = found.learned_from
    console.print(
        f"Learned from {counts['examples']:,} of {counts['events']:,} events: {counts['fraud']:,}"
        f" false, {counts['presumed']:,} presumed honest."
    )
    for each in found.joined.standings:
        low, high = each.found.interval
        console.print(
            f"Beside the trees, {NAMES[each.name]}: {'kept' if each.kept else 'left out'},"
            f" {each.found.difference:+.4f} of average precision ({low:+.4f} to {high:+.4f})."
        )
    if found.failures:
        console.print(f"Not registered: {'; '.join(found.failures)}.")
    else:
        console.print(f"Registered as {found.served.version[:12]}.")
