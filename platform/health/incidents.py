"""Open an incident for what stays broken, close it when it works again; tell whom it concerns.

An incident of a tenant's part is an event in that tenant's log; one of the whole service is an
event in every open tenant's.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import msgspec
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django_tenants.utils import get_tenant_model, schema_context

from eventlog import append as log
from eventlog.said import said
from health.contracts import BROKEN, IncidentClosed, IncidentItem, IncidentOpened, Part
from health.models import Incident

RECENT = timedelta(days=14)
Listener = Callable[[str, Part, datetime], None]
Closer = Callable[[str, str, datetime], None]
_listeners: list[Listener] = []
_closers: list[Closer] = []
_SOURCE = "health"

_log = logging.getLogger(__name__)


def register_listener(listener: Listener) -> None:
    """Call ``listener`` with schema, part and now when an incident opens, in its transaction."""
    if listener not in _listeners:
        _listeners.append(listener)


def register_closer(closer: Closer) -> None:
    """Call ``closer`` with schema, part's name and now when one closes, in its transaction."""
    if closer not in _closers:
        _closers.append(closer)


def settle(schema: str, parts: Sequence[Part], *, now: datetime) -> None:
    """Bring the incidents of ``schema`` ("" for the service) in line with ``parts``."""
    standing = {each.part: each for each in Incident.objects.filter(schema=schema, closed_at=None)}
    for part in parts:
        known = standing.get(part.name)
        if part.state in BROKEN and known is None:
            _open(schema, part, now)
        elif part.state not in BROKEN and known is not None:
            _close(known, now)


def write_down(part: Part, *, now: datetime) -> None:
    """Keep an incident of the service that is over already."""
    _open("", part, now)
    for incident in Incident.objects.filter(schema="", part=part.name, closed_at=None):
        Incident.objects.filter(pk=incident.pk).update(told_at=now)
        _close(incident, now)


def tell(*, now: datetime) -> None:
    """Mail the operators what they have not been told; what can't be sent is tried again."""
    for incident in Incident.objects.filter(told_at=None, closed_at=None):
        if _mailed(incident):
            Incident.objects.filter(pk=incident.pk).update(told_at=now)


def standing(schema: str) -> dict[str, datetime]:
    """Since when each part with an open incident stands still: the tenant's and the service's."""
    rows = Incident.objects.filter(schema__in=["", schema], closed_at=None)
    return dict(rows.values_list("part", "since"))


def recent(schema: str, *, now: datetime) -> tuple[IncidentItem, ...]:
    """The incidents of the last two weeks that concerned a tenant, newest first."""
    rows = Incident.objects.filter(schema__in=["", schema], opened_at__gt=now - RECENT)
    return tuple(
        IncidentItem(
            id=row.pk,
            part=row.part,
            label=row.label,
            detail=row.detail,
            advice=row.advice,
            opened_at=row.opened_at,
            closed_at=row.closed_at,
        )
        for row in rows.order_by("-opened_at")[:50]
    )


def _open(schema: str, part: Part, now: datetime) -> None:
    since = part.since or now
    with transaction.atomic():
        _, made = Incident.objects.get_or_create(
            schema=schema,
            part=part.name,
            closed_at=None,
            defaults={
                "label": part.label,
                "detail": part.detail[:300],
                "advice": part.advice[:400],
                "since": since,
                "opened_at": now,
            },
        )
        if made:
            _record(
                schema,
                "incident.opened",
                IncidentOpened(part=part.name, label=part.label, detail=part.detail, since=since),
                now,
            )
            for listener in _listeners:
                listener(schema, part, now)
    if made:
        _log.warning("%s of %s stands still since %s", part.name, schema or "all", since)


def _close(incident: Incident, now: datetime) -> None:
    with transaction.atomic():
        if not Incident.objects.filter(pk=incident.pk, closed_at=None).update(closed_at=now):
            return
        _record(
            incident.schema,
            "incident.closed",
            IncidentClosed(
                part=incident.part,
                label=incident.label,
                since=incident.since,
                seconds=(now - incident.since).total_seconds(),
            ),
            now,
        )
        for closer in _closers:
            closer(incident.schema, incident.part, now)


def _record(schema: str, name: str, body: msgspec.Struct, now: datetime) -> None:
    open_tenants = get_tenant_model().objects.exclude(provisioned_at=None)
    schemas = [schema] if schema else open_tenants.values_list("schema_name", flat=True)
    event = said(name, body, source=_SOURCE, now=now)
    for each in list(schemas):
        with schema_context(each):
            log.append([event], recorded_at=now)


def _mailed(incident: Incident) -> bool:
    """Whether the operators have it, or there are none to be told."""
    if not settings.OPERATORS:
        return True
    where = f"tenant {incident.schema}" if incident.schema else "the whole service"
    try:
        send_mail(
            f"[Touchstone] {incident.label} stands still",
            f"{incident.label} ({where}) stands still since {incident.since:%Y-%m-%d %H:%M:%S} UTC."
            f"\n\n{incident.detail}\n\nWhat to do: {incident.advice}\n",
            None,
            settings.OPERATORS,
        )
    except OSError as error:  # smtplib's errors are OSErrors
        _log.warning("the operators could not be told: %s", error)
        return False
    return True
