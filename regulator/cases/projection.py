"""From a case's steps to its rows: a projection of its own.

A case is made anew from all its steps whenever one comes: there are few, and so the rows are the
same whatever batch a step came in.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.cases import steps
from regulator.cases.commands import NAMES
from regulator.cases.steps import Case, State
from regulator.contracts_cases import Step
from regulator.models import CaseFile, CaseStep

NAME = "regulator-cases"
"""The projection's name."""
SHAPES = {name: shape for shape, name in NAMES.items()}


def handle(events: Sequence[StoredEvent]) -> None:
    """Keep a batch's steps, and make the cases they belong to anew."""
    rows = [_row(stored) for stored in events if stored.type in SHAPES]
    CaseStep.objects.bulk_create(rows, ignore_conflicts=True)
    for case in dict.fromkeys(row.case for row in rows):
        found = steps.replay(_steps(CaseStep.objects.filter(case=case).order_by("step")))
        if found is not None:
            _keep(found)


def reset() -> None:
    """Forget all cases."""
    active_tenant()
    CaseStep.objects.all().delete()
    CaseFile.objects.all().delete()


def step_of(row: CaseStep) -> Step:
    """A row's step as its event said it."""
    found: Step = msgspec.convert(row.body, SHAPES[row.type])
    return found


def _steps(rows: Iterable[CaseStep]) -> list[tuple[datetime, Step]]:
    return [(row.at, step_of(row)) for row in rows]


def _row(stored: StoredEvent) -> CaseStep:
    body = decode(stored)
    return CaseStep(
        case=UUID(body.case), step=body.step, event=stored.id, at=stored.occurred_at,
        type=stored.type, body=msgspec.to_builtins(body),
    )  # fmt: skip


def _keep(case: Case) -> None:
    CaseFile.objects.update_or_create(
        case=UUID(case.id),
        defaults={
            "number": case.number, "operator": case.operator, "state": str(case.state),
            "closed": case.state is State.CLOSED, "officer": case.officer, "due": case.due,
            "body": msgspec.to_builtins(case),
        },
    )  # fmt: skip
