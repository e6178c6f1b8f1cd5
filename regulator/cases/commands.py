"""Opening a case and taking its steps: each an event, decided where nobody else decides at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction

from eventlog import catalogue
from eventlog.append import append
from eventlog.said import said
from kernel import ids
from kernel.errors import InvalidInput, NotFound
from regulator import contracts_cases as words
from regulator.cases import steps
from regulator.cases.steps import Case
from regulator.contracts_cases import About, CaseOpened, Step
from regulator.models import CaseHead, Operator

SOURCE = "portal"
NAMES: dict[type[Step], str] = {
    shape: name for name, _, shape in catalogue.all_types() if issubclass(shape, Step)
}


class CaseMovedOn(InvalidInput):
    """Somebody took a step in between; ``data`` says how many there are now."""

    code = "case_moved_on"
    http_status = 409
    title = "Somebody was faster"


def open_case(
    *, operator: str, title: str, about: Sequence[About], actor: str, now: datetime
) -> UUID:
    """Open a case; its id. Raises ``NotFound`` (no such operator) and ``StepIncomplete``."""
    if not Operator.objects.filter(name=operator).exists():
        raise NotFound("There is no such operator.")
    case = ids.uuid7(now)
    with transaction.atomic():
        head = CaseHead.objects.create(case=case)
        opened = CaseOpened(
            case=str(case), operator=operator, step=1, actor=actor, number=head.number,
            title=title.strip(), about=tuple(about),
        )  # fmt: skip
        _take(head, None, opened, now)
    return case


def take(
    case: UUID,
    kind: type[Step],
    fields: Mapping[str, Any],
    *,
    actor: str,
    now: datetime,
    seen: int | None = None,
) -> Case:
    """Take a step of ``kind``; the case after it.

    ``seen`` is how many steps ``actor`` knew of: another step in between refuses all but a note.
    Raises ``NotFound``, ``CaseMovedOn``, ``StepRefused`` and ``StepIncomplete``.
    """
    with transaction.atomic():
        # The lock comes first: a transaction that had a number before would take it along into the
        # log, and its step would stand before one that was taken earlier.
        head = CaseHead.objects.select_for_update().filter(case=case).first()
        if head is None:
            raise NotFound("There is no such case.")
        held = _held(head)
        if seen is not None and seen != held.steps and kind is not words.CaseNoted:
            raise CaseMovedOn(
                "Somebody took another step since you opened the page. Look at it, and decide"
                " again.", steps=held.steps,
            )  # fmt: skip
        step = kind(
            case=held.id, operator=held.operator, step=held.steps + 1, actor=actor, **fields
        )
        return _take(head, held, step, now)


def held(case: UUID) -> Case:
    """A case as its newest step left it, projected or not. Raises ``NotFound``."""
    head = CaseHead.objects.filter(case=case).first()
    if head is None:
        raise NotFound("There is no such case.")
    return _held(head)


def _take(head: CaseHead, case: Case | None, step: Step, now: datetime) -> Case:
    steps.check(case, step, now.date())
    moved = steps.after(case, step, now)
    append([said(NAMES[type(step)], step, source=SOURCE, now=now)], recorded_at=now)
    head.body = msgspec.to_builtins(moved)
    head.save(update_fields=["body"])
    return moved


def _held(head: CaseHead) -> Case:
    return msgspec.convert(head.body, Case)
