"""What a tenant has used of its plan: kept by the worker, shown, told when it runs out."""

from calendar import monthrange
from collections import defaultdict
from datetime import date, datetime, timedelta

import redis
from django.conf import settings
from django.db import transaction

from tenants import acts
from tenants.contracts import (
    DayOfUse,
    LetterKind,
    PlanChanged,
    Role,
    TypeOfUse,
    Usage,
    UsageReached,
)
from tenants.mail import outbox
from tenants.models import Invitation, Membership, Tenant, UsageDay, UsageNotice
from tenants.quotas import forecast, store
from tenants.quotas.ledger import DUPLICATES, REJECTED, REQUESTS, SPECIAL, THROTTLED
from tenants.quotas.plans import Plan, month_ends, month_of, plan_of, reached

SHOWN_DAYS = 60
_TAKEN_KEPT = timedelta(days=7)


def keep(*, client: redis.Redis, now: datetime) -> None:
    """Move the counts from Redis into the rows, and tell owners of what has run out."""
    store.take(client)
    store.restore(client, now)
    store.forget(now - _TAKEN_KEPT)
    tenants = {tenant.schema_name: tenant for tenant in Tenant.objects.exclude(provisioned_at=None)}
    for schema, used in store.month_so_far(list(tenants), now).items():
        _tell(tenants[schema], used, now)


@transaction.atomic
def _tell(tenant: Tenant, used: int, now: datetime) -> None:
    """Tell the owners once a month of each share that was reached."""
    plan = plan_for(tenant)
    share = reached(used=used, plan=plan)
    if share is None:
        return
    percent = round(share * 100)
    _, fresh = UsageNotice.objects.get_or_create(
        tenant=tenant, month=month_of(now), percent=percent
    )
    if not fresh:
        return
    act = UsageReached(actor=acts.NOBODY, percent=percent, used=used, limit=plan.events)
    acts.record(tenant, act, now=now)
    for member in tenant.memberships.select_related("user").filter(role=Role.OWNER):
        content = {
            "to": member.user.email,
            "subject": f"{tenant.name} has used {percent} % of this month's events",
            "what": f"{tenant.name} has sent {used:,} of the {plan.events:,} events that the plan"
            f" {plan.label} has for this month.",
            "advice": f"From {plan.ceiling:,} events on new ones are turned away until"
            f" {month_ends(now):%-d %B}; nothing that was taken is lost. The page Usage shows what"
            " sends most.",
        }
        outbox.put(LetterKind.NOTICE, content, now=now)


@transaction.atomic
def change_plan(*, tenant: Tenant, plan: str, now: datetime) -> Plan:
    """Give the tenant another plan, from its next request on. Raises ``UnknownPlan``."""
    chosen, before = plan_of(plan), plan_for(tenant)
    tenant.plan = chosen.name
    tenant.save(update_fields=["plan"])
    act = PlanChanged(actor=acts.NOBODY, plan=chosen.name, previous=before.name)
    acts.record(tenant, act, now=now)
    return chosen


def plan_for(tenant: Tenant) -> Plan:
    """The tenant's plan, or the deployment's default."""
    return plan_of(tenant.plan or settings.DEFAULT_PLAN)


def of(tenant: Tenant, *, now: datetime) -> Usage:
    """The month to date, its forecast, and the last ``SHOWN_DAYS`` days; a minute old at most."""
    today, plan = now.date(), plan_for(tenant)
    start = today - timedelta(days=SHOWN_DAYS - 1)
    start = min(start, today.replace(day=1))
    days: dict[date, dict[str, int]] = defaultdict(dict)
    for row in UsageDay.objects.filter(tenant=tenant, day__gte=start, day__lte=today):
        days[row.day][row.name] = row.amount
    events = {day: _events(names) for day, names in days.items()}
    month = [names for day, names in days.items() if month_of_day(day) == month_of_day(today)]
    ends = monthrange(today.year, today.month)[1]
    return Usage(
        plan=plan,
        month=today.replace(day=1),
        resets_at=month_ends(now),
        used=sum(map(_events, month)),
        forecast=forecast.month_end(events, today=today, days_in_month=ends),
        requests=_sum(month, REQUESTS),
        throttled=_sum(month, THROTTLED),
        rejected=_sum(month, REJECTED),
        duplicates=_sum(month, DUPLICATES),
        seats=seats(tenant, now=now),
        days=_days(days, start, today),
        types=_types(month),
    )


def seats(tenant: Tenant, *, now: datetime) -> int:
    """Members and open invitations."""
    waiting = Invitation.objects.filter(
        tenant=tenant, used_at=None, withdrawn_at=None, expires_at__gt=now
    )
    return Membership.objects.filter(tenant=tenant).count() + waiting.count()


def month_of_day(day: date) -> tuple[int, int]:
    """Year and month."""
    return day.year, day.month


def _events(names: dict[str, int]) -> int:
    return sum(amount for name, amount in names.items() if name not in SPECIAL)


def _sum(days: list[dict[str, int]], name: str) -> int:
    return sum(names.get(name, 0) for names in days)


def _days(days: dict[date, dict[str, int]], start: date, today: date) -> tuple[DayOfUse, ...]:
    """Every day since the first one with anything, at most ``SHOWN_DAYS``."""
    first = max(min(days, default=today), start)
    count = (today - first).days + 1
    listed = [first + timedelta(days=number) for number in range(count)]
    return tuple(
        DayOfUse(
            day=day,
            events=_events(days.get(day, {})),
            requests=days.get(day, {}).get(REQUESTS, 0),
            throttled=days.get(day, {}).get(THROTTLED, 0),
            rejected=days.get(day, {}).get(REJECTED, 0),
        )
        for day in listed
    )


def _types(month: list[dict[str, int]]) -> tuple[TypeOfUse, ...]:
    """The month's events by type, the most first."""
    sums: dict[str, int] = defaultdict(int)
    for names in month:
        for name, amount in names.items():
            if name not in SPECIAL:
                sums[name] += amount
    ranked = sorted(sums.items(), key=lambda pair: (-pair[1], pair[0]))
    whole = sum(sums.values()) or 1
    return tuple(TypeOfUse(type=name, events=n, share=n / whole) for name, n in ranked)
