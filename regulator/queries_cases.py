"""What others may read of cases: dataclasses, from the projection."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from kernel.errors import InvalidInput, NotFound
from kernel.paging import Page, decode_cursor, encode_cursor
from regulator.cases.projection import step_of
from regulator.cases.steps import Case, State
from regulator.contracts_cases import LABELS, Step
from regulator.models import CaseFile, CaseStep

OPEN = "open"
"""As a filter: whatever is not closed."""
STATES = (OPEN, *(str(each) for each in State if each is not State.OPEN))


@dataclass(frozen=True, slots=True, kw_only=True)
class StepItem:
    """A step of a case: its number, its event's id, when, what it is called, and what it says."""

    number: int
    event: UUID
    at: datetime
    type: str
    label: str
    step: Step


def cases(
    *, state: str = "", operator: str = "", officer: str = "", cursor: str | None = None,
    limit: int = 50,
) -> Page[Case]:  # fmt: skip
    """Cases that are not closed first, the newest first within.

    ``state`` is one of ``STATES`` ("open": not closed), ``officer`` a pseudonym, or "nobody".
    Raises ``InvalidInput`` for a state that is none.
    """
    rows = CaseFile.objects.filter(*_filters(state, operator, officer))
    if cursor:
        closed, number = decode_cursor(cursor, (int, int))
        rows = rows.filter(
            Q(closed__gt=bool(closed)) | Q(closed=bool(closed), number__lt=int(number))
        )
    found = list(rows.order_by("closed", "-number")[: limit + 1])
    last = found[limit - 1] if len(found) > limit else None
    return Page(
        items=[_case(row) for row in found[:limit]],
        next_cursor=encode_cursor(int(last.closed), last.number) if last else None,
    )


def case(id: UUID) -> Case:
    """One case. Raises ``NotFound``."""
    row = CaseFile.objects.filter(case=id).first()
    if row is None:
        raise NotFound("There is no such case.")
    return _case(row)


def timeline(id: UUID) -> list[StepItem]:
    """A case's steps, the first one first."""
    return [
        StepItem(
            number=row.step, event=row.event, at=row.at, type=row.type,
            label=LABELS[row.type], step=step_of(row),
        )
        for row in CaseStep.objects.filter(case=id).order_by("step")
    ]  # fmt: skip


def overdue(today: date) -> list[Case]:
    """Cases whose operator should have explained before ``today``, the longest due first."""
    rows = CaseFile.objects.filter(state=State.AWAITING, due__lt=today)
    return [_case(row) for row in rows.order_by("due", "number")]


def about(things: Sequence[str]) -> list[Case]:
    """Cases not closed that are about one of these ids, the newest first."""
    asked = Q()
    for each in things:
        asked |= Q(body__about__contains=[{"id": each}])
    rows = CaseFile.objects.filter(asked, closed=False) if things else CaseFile.objects.none()
    return [_case(row) for row in rows.order_by("-number")[:20]]


def operators() -> list[str]:
    """The operators there are cases of, by name."""
    return list(CaseFile.objects.order_by("operator").values_list("operator", flat=True).distinct())


def any_case() -> bool:
    """Whether there ever was a case."""
    return bool(CaseFile.objects.exists())


def _filters(state: str, operator: str, officer: str) -> list[Q]:
    found = []
    if state and state not in STATES:
        raise InvalidInput(f"{state[:20]!r} is none of {', '.join(STATES)}.", field="state")
    if state:
        found.append(Q(closed=False) if state == OPEN else Q(state=state))
    if operator:
        found.append(Q(operator=operator))
    if officer:
        found.append(Q(officer="" if officer == "nobody" else officer))
    return found


def _case(row: CaseFile) -> Case:
    return msgspec.convert(row.body, Case)
