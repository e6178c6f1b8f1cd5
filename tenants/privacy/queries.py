"""Reads: requests and their histories. Answers are frozen dataclasses."""

from kernel.errors import NotFound
from tenants.privacy.contracts import Kind, RequestView, StepView
from tenants.privacy.models import Request


def requests(*, limit: int = 500) -> tuple[RequestView, ...]:
    """The active tenant's requests: the open ones by their date, then the closed, newest first."""
    open_ones = Request.objects.filter(state="open").order_by("due_on", "pk")[:limit]
    closed = Request.objects.exclude(state="open").order_by("-closed_at", "pk")[:limit]
    return tuple(_view(row) for rows in (open_ones, closed) for row in rows)


def request(request_id: str) -> RequestView:
    """One request with its steps, oldest first. Raises ``NotFound``."""
    row = Request.objects.filter(pk=request_id).first()
    if row is None:
        raise NotFound("There is no such request.")
    steps = tuple(
        StepView(
            at=each.at,
            actor=each.actor,
            step=each.step,
            reason=each.reason,
            event_id=str(each.event_id),
        )
        for each in row.steps.order_by("at", "pk")
    )
    return _view(row, steps)


def _view(row: Request, steps: tuple[StepView, ...] = ()) -> RequestView:
    return RequestView(
        id=str(row.pk),
        kind=Kind(row.kind),
        subject=row.subject,
        reference=row.reference,
        state=row.state,
        received_on=row.received_on,
        due_on=row.due_on,
        created_at=row.created_at,
        closed_at=row.closed_at,
        steps=steps,
    )
