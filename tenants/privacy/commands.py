"""Writes: erase somebody, take requests, note what was done about them. Each is also an event.

Functions take ``now`` and who acts (``actor``: a member's pseudonym, or ``key:`` and a prefix).
"""

import uuid
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import F
from django_tenants.utils import tenant_context

from eventlog.subjects import keys
from kernel.errors import DomainError, InvalidInput, NotFound
from kernel.ids import pseudonym
from tenants.models import Tenant
from tenants.privacy import holdings, rules
from tenants.privacy.acts import record
from tenants.privacy.contracts import Kind, Reason, Requested, Step, StepTaken, SubjectErased
from tenants.privacy.models import Consent, Export, Request, RequestStep


class AlreadyClosed(DomainError):
    """The request was answered before."""

    code = "request_closed"
    http_status = 409
    title = "This request is closed"


def subject_of(*, tenant: Tenant, id_kind: str, value: str) -> str:
    """The subject a person's own id stands for; the id itself is kept nowhere.

    ``id_kind``: ``user``, ``anonymous``, or ``subject`` for a pseudonym. Raises ``InvalidInput``.
    """
    value = value.strip()
    if not value:
        raise InvalidInput("Give an id.", field="value")
    if id_kind == "subject":
        if not rules.is_subject(value):
            raise InvalidInput("A subject has 32 hexadecimal digits.", field="value")
        return value
    kind = {"user": "u", "anonymous": "a"}.get(id_kind)
    if kind is None:
        raise InvalidInput("An id is of kind user, anonymous or subject.", field="id_kind")
    return pseudonym(bytes(tenant.secret), kind, value)


def erase(
    *,
    tenant: Tenant,
    subject: str,
    actor: str,
    now: datetime,
    reason: Reason = Reason.REQUESTED,
    request: str | None = None,
) -> tuple[str, ...]:
    """Delete the keys of ``subject`` and of everything stitched to it; returns all of them.

    Repeating it is harmless: what is erased already gets no second event.
    """
    with tenant_context(tenant), transaction.atomic():
        everything = holdings.stitched([subject])
        fresh = keys.unerased(everything)
        keys.erase(everything, now=now)
        Consent.objects.filter(subject__in=everything).delete()
        Tenant.objects.filter(pk=tenant.pk).update(erasures=F("erasures") + 1)
        for each in fresh:
            act = SubjectErased(
                subjects=everything, requested_by=actor, reason=str(reason), request=request
            )
            record(act, subject=each, now=now)
    return everything


def receive(
    *,
    tenant: Tenant,
    kind: Kind,
    subject: str,
    actor: str,
    reference: str,
    received_on: date,
    now: datetime,
) -> str:
    """Take a person's request; it must be answered within a month. Returns its id."""
    if not rules.is_reference(reference):
        raise InvalidInput(
            "A reference has letters, digits, '-', '/' and '#', 40 at most.", field="reference"
        )
    if not now.date() - timedelta(days=365) <= received_on <= now.date():
        raise InvalidInput("The day is in the future, or long past.", field="received_on")
    due_on = rules.due(received_on)
    with tenant_context(tenant), transaction.atomic():
        row = Request.objects.create(
            id=uuid.uuid4(),
            kind=kind,
            subject=subject,
            reference=reference,
            received_on=received_on,
            due_on=due_on,
            created_at=now,
        )
        act = Requested(
            actor=actor,
            request=str(row.pk),
            kind=str(kind),
            received_on=received_on,
            due_on=due_on,
            reference=reference,
        )
        event = record(act, subject=subject, now=now)
        row.steps.create(event_id=event, at=now, actor=actor, step="received")
    return str(row.pk)


def take_step(
    *, tenant: Tenant, request_id: str, step: Step, actor: str, now: datetime, reason: str = ""
) -> None:
    """Note what was done about a request; a completed erasure erases.

    Raises ``NotFound``, ``AlreadyClosed`` or ``InvalidInput``.
    """
    with tenant_context(tenant), transaction.atomic():
        row = Request.objects.select_for_update().filter(pk=request_id).first()
        if row is None:
            raise NotFound("There is no such request.")
        if row.state != "open":
            raise AlreadyClosed("It was answered already.")
        if step in rules.NEED_A_REASON and reason not in rules.NEED_A_REASON[step]:
            raise InvalidInput("Say why.", field="reason")
        if step is Step.COMPLETED and row.kind == Kind.ERASURE:
            erase(tenant=tenant, subject=row.subject, actor=actor, now=now, request=str(row.pk))
            _note(row, Step.ERASED, actor, now, "")
        if step is Step.EXTENDED:
            row.due_on = rules.extended(row.received_on)
        if step in rules.CLOSING:
            row.state, row.closed_at = str(step), now
            Export.objects.filter(request=row).delete()
        row.save()
        _note(row, step, actor, now, reason)


def _note(row: Request, step: Step, actor: str, now: datetime, reason: str) -> None:
    act = StepTaken(
        actor=actor, request=str(row.pk), step=str(step), due_on=row.due_on, reason=reason
    )
    event = record(act, subject=row.subject, now=now)
    RequestStep.objects.create(
        request=row, event_id=event, at=now, actor=actor, step=str(step), reason=reason
    )
