"""From an alert to the deliveries it needs: one a route, of e-mail one a person."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.db import transaction

from alerts.contracts import Reason, Severity, Way
from alerts.directory import directory
from alerts.models import Alert, Delivery, Route
from alerts.routing import Quiet, Wants, wanted, when
from eventlog.tenancy import active_schema


def plan(alert: Alert, reason: Reason, *, now: datetime) -> None:
    """Keep what is to be delivered, in the present transaction; the worker hears of it after."""
    severity = Severity(alert.severity)
    planned = [
        Delivery(
            alert=alert, route=route, person=person, reason=reason, created_at=now,
            next_at=when(wants_of(route), severity=severity, now=now),
        )
        for route in Route.objects.order_by("pk")
        if wanted(wants_of(route), kind=alert.kind, severity=severity, reason=reason)
        and not (route.way == Way.EMAIL and reason is Reason.RESOLVED)
        for person in _people(route)
    ]  # fmt: skip
    _keep(planned)


def plan_test(route: Route, *, now: datetime) -> None:
    """Send a word of trial, at once."""
    _keep(
        [
            Delivery(route=route, person=person, reason=Reason.TEST, created_at=now, next_at=now)
            for person in _people(route)
        ]
    )


def wants_of(route: Route) -> Wants:
    """What a stored route wants to hear."""
    quiet = None
    if route.quiet_from is not None and route.quiet_to is not None:
        quiet = Quiet(begins=route.quiet_from, ends=route.quiet_to, zone=route.zone)
    return Wants(
        lowest=Severity(route.lowest), kinds=route.kinds, quiet=quiet,
        after=timedelta(minutes=route.after_minutes),
    )  # fmt: skip


def _people(route: Route) -> list[int | None]:
    """Whom a route reaches: its members, or the one place that is not a person."""
    if route.way != Way.EMAIL:
        return [None]
    return [*directory().members(route.roles)]


def _keep(planned: list[Delivery]) -> None:
    Delivery.objects.bulk_create(planned)
    schema = active_schema()
    if planned:
        transaction.on_commit(lambda: _wake(schema))


def _wake(schema: str) -> None:
    """Tell the worker; it looks by itself every while, so a queue that is gone costs a wait."""
    from kombu.exceptions import OperationalError

    from alerts.tasks import deliver

    with suppress(OperationalError, OSError):
        deliver.apply_async(kwargs={"schema": schema}, retry=False, ignore_result=True)
