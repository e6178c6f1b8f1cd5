"""What holds in a tenant: how long events are kept, and what a person who said nothing is taken to.

The retention is decided here; ``retention`` turns older events away and lets them expire.
"""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django_tenants.utils import tenant_context

from kernel.errors import InvalidInput
from tenants.models import Tenant
from tenants.privacy.acts import record
from tenants.privacy.consent import ANYBODY
from tenants.privacy.contracts import Policy, PolicyChanged, Purpose
from tenants.privacy.models import Consent
from tenants.privacy.models import Policy as Row

SHORTEST_DAYS, LONGEST_DAYS = 30, 3653


def current() -> Policy:
    """The active tenant's policy; without a decision events are kept and purposes allowed."""
    row = Row.objects.first()
    said = dict(Consent.objects.filter(subject=ANYBODY).values_list("purpose", "granted"))
    return Policy(
        retention_days=row.retention_days if row else None,
        defaults={purpose: said.get(str(purpose), True) for purpose in Purpose},
    )


def change(
    *,
    tenant: Tenant,
    actor: str,
    retention_days: int | None,
    defaults: Mapping[Purpose, bool],
    now: datetime,
) -> Policy:
    """Decide anew; the same decision again says nothing. Raises ``InvalidInput``."""
    if retention_days is not None and not SHORTEST_DAYS <= retention_days <= LONGEST_DAYS:
        raise InvalidInput(
            f"Between {SHORTEST_DAYS} and {LONGEST_DAYS} days, or empty for ever.",
            field="retention_days",
        )
    with tenant_context(tenant), transaction.atomic():
        wanted = Policy(retention_days=retention_days, defaults=dict(defaults))
        if wanted == current():
            return wanted
        Row.objects.update_or_create(
            id=1, defaults={"retention_days": retention_days, "changed_at": now}
        )
        for purpose, granted in defaults.items():
            Consent.objects.update_or_create(
                subject=ANYBODY,
                purpose=str(purpose),
                defaults={"granted": granted, "decided_at": now},
            )
        act = PolicyChanged(
            actor=actor,
            retention_days=retention_days,
            defaults={str(purpose): granted for purpose, granted in defaults.items()},
        )
        record(act, subject=actor, now=now)
    return wanted
