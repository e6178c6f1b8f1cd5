"""Dossiers as the pages see them: ask for one, those of a case, where a bundle lies."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db import transaction

from eventlog.tenancy import active_tenant
from kernel.errors import InvalidInput, NotFound
from regulator import queries
from regulator.cases.steps import Case
from regulator.dossier import chosen, tasks
from regulator.models import Dossier

SHOWN = 5
_UNDER_WAY = (Dossier.Status.WAITING, Dossier.Status.RUNNING)


class BadStretch(InvalidInput):
    """A stretch of time can't be exported."""

    code = "bad_stretch"
    title = "No such days"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The newest dossiers of something; ``running``: whether the worker is at one of them."""

    jobs: tuple[Dossier, ...]
    running: bool


def of_case(case: UUID) -> Shown:
    """The newest dossiers of a case."""
    return _shown(list(Dossier.objects.filter(case=case).order_by("-pk")[:SHOWN]))


def of_days() -> Shown:
    """The newest dossiers of operators' days."""
    return _shown(list(Dossier.objects.filter(case=None).order_by("-pk")[:SHOWN]))


def one(number: int) -> Dossier:
    """The dossier of that number. Raises ``NotFound``."""
    found = Dossier.objects.filter(pk=number).first()
    if found is None:
        raise NotFound("There is no such dossier.")
    return found


def ask_for_case(case: Case, *, actor: str, now: datetime) -> Dossier:
    """Have a case's dossier written; the one under way, where there is one."""
    since, until = chosen.stretch(case.about, case.opened_at)
    return _ask(case.operator, UUID(case.id), since, until, actor=actor, now=now)


def ask_for_days(
    operator: str, since: datetime, until: datetime, *, actor: str, now: datetime
) -> Dossier:
    """Have the dossier of an operator's days written. Raises ``NotFound``, ``BadStretch``."""
    queries.operator(operator)
    if not since < until:
        raise BadStretch("The last day lies before the first.", field="to")
    return _ask(operator, None, since, until, actor=actor, now=now)


def path_of(job: Dossier) -> Path:
    """Where a dossier's bundle lies, in the tenant's own folder."""
    return Path(settings.STATE) / "dossiers" / active_tenant() / f"{job.pk}.zip"


def _ask(
    operator: str, case: UUID | None, since: datetime, until: datetime, *, actor: str, now: datetime
) -> Dossier:
    same = Dossier.objects.filter(
        operator=operator, case=case, since=since, until=until, status__in=_UNDER_WAY
    ).first()
    if same is not None:
        return same
    job: Dossier = Dossier.objects.create(
        operator=operator, case=case, since=since, until=until, actor=actor, created_at=now
    )
    schema = active_tenant()
    transaction.on_commit(lambda: tasks.write.delay(schema=schema, dossier=job.pk))
    return job


def _shown(jobs: list[Dossier]) -> Shown:
    return Shown(jobs=tuple(jobs), running=any(each.status in _UNDER_WAY for each in jobs))
