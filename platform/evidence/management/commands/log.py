"""``manage.py log``: verify a tenant's log, export evidence of it, give it another signing key."""

import base64
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django_tenants.utils import get_tenant_model, tenant_context
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from eventlog.seal import signing
from eventlog.seal.verify import Report, State
from evidence import bundle, run
from evidence.contracts import Selection
from kernel import clock
from kernel.errors import DomainError

_SHOWN = 20


class Command(BaseCommand):
    """verify, export, rotate."""

    help = "Verify a tenant's log, export evidence of it, or give it a new signing key."

    def add_arguments(self, parser: CommandParser) -> None:
        """One word for what to do, and whose log."""
        what = parser.add_subparsers(dest="what", required=True)
        check = what.add_parser("verify", help="recompute everything; name what is damaged")
        check.add_argument("--afresh", action="store_true", help="do not go on where it stopped")
        export = what.add_parser("export", help="write an evidence bundle")
        _selection(export)
        rotate = what.add_parser("rotate", help="sign with a new key from the next checkpoint on")
        for each in (check, export, rotate):
            each.add_argument("--tenant", required=True, metavar="SLUG")

    def handle(self, *args: Any, **options: Any) -> None:
        """Find the tenant, do it; expected failures are a sentence."""
        tenant = get_tenant_model().objects.filter(slug=options["tenant"]).first()
        if tenant is None:
            raise CommandError(f"There is no tenant {options['tenant']!r}.")
        try:
            with tenant_context(tenant):
                getattr(self, f"_{options['what']}")(tenant, options)
        except DomainError as error:
            raise CommandError(error.detail) from error

    def _verify(self, tenant: Any, options: dict[str, Any]) -> None:
        kept = Path(settings.STATE) / "verifying" / f"{tenant.schema_name}.json"
        state = None if options["afresh"] else _taken_up(kept)
        if state:
            self.stdout.write(f"Going on behind leaf {state.next}; --afresh starts over.")
        with _bar() as progress:
            bar = progress.add_task("leaves", total=None)

            def told(state: State) -> None:
                progress.update(bar, completed=min(state.next, state.size), total=state.size)
                _keep(kept, state)

            report = run.verification(state=state, now=clock.now(), progress=told)
        kept.unlink(missing_ok=True)
        self._tell(report)

    def _tell(self, report: Report) -> None:
        self.stdout.write(
            f"{report.verified} of {report.size} sealed events and {report.checkpoints}"
            f" checkpoints verified; {report.unsealed} events wait to be sealed."
            + (f" {report.expired} have expired by policy." if report.expired else "")
        )
        if report.whole:
            self.stdout.write("The log is whole.")
            return
        for each in report.damages[:_SHOWN]:
            leaf = "unknown" if each.leaf is None else each.leaf
            event = each.event or "unknown"
            self.stdout.write(f"  leaf {leaf}, event {event}: {each.kind}. {each.what}")
        more = len(report.damages) - _SHOWN
        if more > 0:
            self.stdout.write(f"  and {more} more")
        raise CommandError("The log is damaged; the first damage stands first.", returncode=1)

    def _export(self, tenant: Any, options: dict[str, Any]) -> None:
        path = Path(options["out"] or f"{tenant.slug}-evidence.zip")
        with _bar() as progress:
            bar = progress.add_task("events", total=None)
            written = bundle.write(
                path,
                selection=_chosen(options),
                organisation=tenant.name,
                now=clock.now(),
                since=options["since"],
                progress=lambda done, total: progress.update(bar, completed=done, total=total),
            )
        root = base64.b64encode(written.checkpoint.root).decode()
        self.stdout.write(
            f"{path}: {written.events} events, proved against the checkpoint of"
            f" {written.checkpoint.size} leaves, root {root}."
        )

    def _rotate(self, tenant: Any, options: dict[str, Any]) -> None:
        fresh = signing.rotate(now=clock.now())
        self.stdout.write(f"The log is signed with a new key from now on: {fresh.verifier.text}")


def _selection(parser: ArgumentParser) -> None:
    parser.add_argument("--from", dest="start", type=_moment, help="first moment of occurrence")
    parser.add_argument("--before", dest="end", type=_moment, help="the moment behind the last")
    parser.add_argument("--subject", default="", help="a subject's pseudonym")
    parser.add_argument("--type", default="", help="an event type")
    parser.add_argument("--id", dest="ids", type=UUID, action="append", default=[])
    parser.add_argument("--since", type=int, help="size of an earlier checkpoint to connect with")
    parser.add_argument("--out", metavar="FILE", help="where to write the bundle")


def _chosen(options: dict[str, Any]) -> Selection:
    return Selection(
        start=options["start"],
        end=options["end"],
        subject=options["subject"],
        type=options["type"],
        ids=tuple(options["ids"]),
    )


def _moment(text: str) -> datetime:
    moment = parse_datetime(text if "T" in text else f"{text}T00:00:00Z")
    if moment is None or moment.tzinfo is None:
        raise ValueError(text)
    return moment


def _bar() -> Progress:
    return Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    )


def _keep(path: Path, state: State) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(msgspec.json.encode(state))


def _taken_up(path: Path) -> State | None:
    return msgspec.json.decode(path.read_bytes(), type=State) if path.exists() else None
