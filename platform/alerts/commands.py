"""Changes to who is told and to rules, each in the tenant's log."""

from dataclasses import dataclass
from datetime import datetime, time

import msgspec
from django.db import transaction

from alerts import planning, vault
from alerts.contracts import RouteChanged, RuleChanged, Severity, Way
from alerts.models import Route, Rule
from alerts.rules import Check
from alerts.ways.post import checked
from alerts.ways.webhook import new_secret
from eventlog import append as log
from eventlog.acts import SOURCE
from eventlog.said import said
from kernel.errors import InvalidInput, NotFound

MOST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRoute:
    """A route to be made; ``address`` for Slack and webhooks, ``roles`` for e-mail."""

    name: str
    way: Way
    address: str = ""
    roles: tuple[str, ...] = ()
    lowest: Severity = Severity.WARNING
    kinds: str = ""
    quiet_from: time | None = None
    quiet_to: time | None = None
    zone: str = "UTC"
    after_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """A rule to be made."""

    name: str
    check: Check
    event_type: str
    minutes: int
    amount: float
    severity: Severity


def add_route(new: NewRoute, *, actor: str, now: datetime) -> str:
    """Make a route; returns a webhook's secret, which is told this once ("" for other ways).

    Raises ``UnusableAddress``, ``InvalidInput``.
    """
    if Route.objects.count() >= MOST:
        raise InvalidInput(f"There are {MOST} routes already: delete one first.")
    if new.way is Way.EMAIL and not new.roles:
        raise InvalidInput("E-mail goes to members of a role: choose one.", field="roles")
    if new.way is not Way.EMAIL:
        checked(new.address)
    secret = new_secret() if new.way is Way.WEBHOOK else ""
    with transaction.atomic():
        route = Route.objects.create(
            name=new.name, way=new.way, roles=list(new.roles), lowest=new.lowest, kinds=new.kinds,
            quiet_from=new.quiet_from, quiet_to=new.quiet_to, zone=new.zone,
            after_minutes=new.after_minutes, created_at=now,
            address=vault.sealed(new.address) if new.way is not Way.EMAIL else b"",
            secret=vault.sealed(secret) if secret else b"",
        )  # fmt: skip
        changed = RouteChanged(route=route.pk, change="made", way=str(new.way), actor=actor)
        _record("alert.route_changed", changed, now)
    return secret


def delete_route(number: int, *, actor: str, now: datetime) -> None:
    """Tell nobody by it any more. Raises ``NotFound``."""
    with transaction.atomic():
        route = _route(number)
        changed = RouteChanged(route=number, change="deleted", way=route.way, actor=actor)
        route.delete()
        _record("alert.route_changed", changed, now)


def test_route(number: int, *, now: datetime) -> None:
    """Send a word of trial. Raises ``NotFound``."""
    with transaction.atomic():
        planning.plan_test(_route(number), now=now)


def add_rule(new: NewRule, *, actor: str, now: datetime) -> None:
    """Make a rule. Raises ``InvalidInput``."""
    if Rule.objects.count() >= MOST:
        raise InvalidInput(f"There are {MOST} rules already: delete one first.")
    with transaction.atomic():
        rule = Rule.objects.create(
            name=new.name, check_kind=new.check, event_type=new.event_type, minutes=new.minutes,
            amount=new.amount, severity=new.severity, created_at=now,
        )  # fmt: skip
        changed = RuleChanged(rule=rule.pk, change="made", name=new.name, actor=actor)
        _record("alert.rule_changed", changed, now)


def delete_rule(number: int, *, actor: str, now: datetime) -> None:
    """Ask it no more; an alert of it is resolved at the next look. Raises ``NotFound``."""
    with transaction.atomic():
        rule = Rule.objects.select_for_update().filter(pk=number).first()
        if rule is None:
            raise NotFound("There is no such rule.")
        changed = RuleChanged(rule=number, change="deleted", name=rule.name, actor=actor)
        rule.delete()
        _record("alert.rule_changed", changed, now)


def _route(number: int) -> Route:
    route = Route.objects.select_for_update().filter(pk=number).first()
    if route is None:
        raise NotFound("There is no such route.")
    return route


def _record(name: str, body: msgspec.Struct, now: datetime) -> None:
    log.append([said(name, body, source=SOURCE, now=now)], recorded_at=now)
