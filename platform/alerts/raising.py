"""Raise an alert, settle it, and plan who is told. Each is an event of the tenant's log."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django_tenants.utils import schema_context

from alerts import live, notices, planning
from alerts.contracts import AlertChanged, AlertRaised, Raised, Reason, Severity, State
from alerts.models import Alert
from eventlog import append as log
from eventlog.acts import SOURCE as PEOPLE
from eventlog.said import said
from eventlog.tenancy import active_schema
from kernel.errors import InvalidInput, NotFound

ITSELF = "touchstone"
REST = timedelta(days=7)
"""What a person has resolved is not raised again for so long, unless it gets worse."""
LONGEST_SNOOZE = timedelta(days=30)


def raise_alert(told: Raised, *, now: datetime) -> int | None:
    """Raise ``told``, or note that it was found again; its number, ``None`` while it rests.

    Whoever found it may say so as often as they look: an open alert is told once, and again only
    when it has become worse.
    """
    with transaction.atomic():
        if told.rests and _rests(told, now):
            return None
        alert, made = Alert.objects.select_for_update().get_or_create(
            kind=told.kind,
            key=told.key,
            resolved_at=None,
            defaults={
                "severity": told.severity, "since": told.since, "raised_at": now, "last_at": now,
                **_shown(told),
            },
        )  # fmt: skip
        if made:
            _record("alert.raised", _raised(alert), now=now)
            _tell(alert, Reason.RAISED, now)
        else:
            _found_again(alert, told, now)
        return int(alert.pk)


def settle(kind: str, standing: Sequence[str], *, now: datetime) -> None:
    """Resolve the open alerts of ``kind`` whose key is not among those that still stand."""
    open_keys = Alert.objects.filter(kind=kind, resolved_at=None).exclude(key__in=standing)
    for key in open_keys.values_list("key", flat=True):
        over(kind, key, now=now)


def over(kind: str, key: str, *, now: datetime) -> None:
    """Resolve the alert of this kind and key, where one is open."""
    with transaction.atomic():
        for alert in Alert.objects.select_for_update().filter(kind=kind, key=key, resolved_at=None):
            _change(alert, State.RESOLVED, actor=ITSELF, now=now)


def acknowledge(number: int, *, actor: str, now: datetime) -> None:
    """Somebody sees to it: it escalates no further. Raises ``NotFound``, ``InvalidInput``."""
    with transaction.atomic():
        _change(_open(number), State.ACKNOWLEDGED, actor=actor, now=now)


def snooze(number: int, *, until: datetime, actor: str, now: datetime) -> None:
    """Leave it alone until then; if it still stands, it is told again. Raises as above."""
    if not now < until <= now + LONGEST_SNOOZE:
        raise InvalidInput("An alert sleeps for at most 30 days.", field="until")
    with transaction.atomic():
        _change(_open(number), State.SNOOZED, actor=actor, now=now, until=until)


def resolve(number: int, *, actor: str, now: datetime) -> None:
    """It is over, or is none. It rests for a week before it is raised again. Raises as above."""
    with transaction.atomic():
        _change(_open(number), State.RESOLVED, actor=actor, now=now)


def wake(*, now: datetime) -> None:
    """Tell again of what was left alone until now and still stands."""
    due = Alert.objects.filter(state=State.SNOOZED, snoozed_until__lte=now, resolved_at=None)
    for number in due.values_list("pk", flat=True):
        with transaction.atomic():
            alert = Alert.objects.select_for_update().get(pk=number)
            if alert.state == State.SNOOZED:
                _change(alert, State.OPEN, actor=ITSELF, now=now)
                _tell(alert, Reason.AGAIN, now)


def _rests(told: Raised, now: datetime) -> bool:
    done = Alert.objects.filter(kind=told.kind, key=told.key, resolved_at__gt=now - REST)
    last = done.exclude(by=ITSELF).order_by("-resolved_at").first()
    return last is not None and told.severity.rank <= Severity(last.severity).rank


def _found_again(alert: Alert, told: Raised, now: datetime) -> None:
    worse = told.severity.rank > Severity(alert.severity).rank
    for name, value in _shown(told).items():
        setattr(alert, name, value)
    alert.seen, alert.last_at = alert.seen + 1, now
    if worse:
        alert.severity, alert.state, alert.snoozed_until = told.severity, State.OPEN, None
    alert.save()
    if worse:
        _record(
            "alert.changed", AlertChanged(alert=alert.pk, change="worse", actor=ITSELF), now=now
        )
        _tell(alert, Reason.WORSE, now)


def _shown(told: Raised) -> dict[str, object]:
    return {
        "title": told.title[:200], "text": told.text, "path": told.path, "unit": told.unit,
        "facts": msgspec.to_builtins(told.facts), "series": msgspec.to_builtins(told.series),
    }  # fmt: skip


def _open(number: int) -> Alert:
    alert = Alert.objects.select_for_update().filter(pk=number).first()
    if alert is None:
        raise NotFound("There is no such alert.")
    if alert.resolved_at is not None:
        raise InvalidInput("This alert is resolved already.")
    return alert


def _change(
    alert: Alert, state: State, *, actor: str, now: datetime, until: datetime | None = None
) -> None:
    alert.state, alert.by, alert.snoozed_until = state, actor, until
    if state is State.RESOLVED:
        alert.resolved_at = now
    alert.save()
    changed = AlertChanged(alert=alert.pk, change=str(state), actor=actor, until=until)
    _record("alert.changed", changed, now=now, by_hand=actor != ITSELF)
    if state is State.RESOLVED:
        _tell(alert, Reason.RESOLVED, now)
    else:
        _shown_live(alert)


def _tell(alert: Alert, reason: Reason, now: datetime) -> None:
    planning.plan(alert, reason, now=now)
    _shown_live(alert)


def _shown_live(alert: Alert) -> None:
    """Tell open pages once it is true: with the tenant of now, whoever's turn it is by then."""
    schema, number = active_schema(), alert.pk

    def after() -> None:
        with schema_context(schema):
            notices.forget()
            live.publish(number)

    transaction.on_commit(after)


def _raised(alert: Alert) -> AlertRaised:
    return AlertRaised(
        alert=alert.pk, kind=alert.kind, key=alert.key, severity=str(alert.severity),
        title=alert.title, since=alert.since,
    )  # fmt: skip


def _record(name: str, body: msgspec.Struct, *, now: datetime, by_hand: bool = False) -> None:
    event = said(name, body, source=PEOPLE if by_hand else "alerts", now=now)
    log.append([event], recorded_at=now)
