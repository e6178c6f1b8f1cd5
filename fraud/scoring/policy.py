"""The active tenant's policy: read by every batch, changed by people, each change an event."""

import time
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from eventlog.append import append
from eventlog.said import said
from eventlog.tenancy import active_schema, active_tenant
from fraud.contracts import PolicySet
from fraud.models import ScoringPolicy
from fraud.rules import RULES
from fraud.scoring.decide import Policy, PolicyUnusable

FRESH_SECONDS = 5.0
"""How old a policy may be that a batch is scored by."""
_KEYS = frozenset(rule.key(clause) for rule in RULES for clause in rule.clauses)
_remembered: dict[str, tuple[float, Policy]] = {}


def current() -> Policy:
    """The policy as it is now."""
    row = ScoringPolicy.objects.filter(pk=1).first()
    if row is None:
        return Policy()
    return Policy(on=row.on, review=row.review, block=row.block, thresholds=row.thresholds)


def remembered() -> Policy:
    """The policy, at most ``FRESH_SECONDS`` old: asking costs most batches nothing."""
    schema, moment = active_schema(), time.monotonic()
    known = _remembered.get(schema)
    if known is None or moment - known[0] > FRESH_SECONDS:
        known = _remembered[schema] = (moment, current())
    return known[1]


def check(policy: Policy) -> None:
    """Raises ``PolicyUnusable`` for a threshold of no clause."""
    unknown = sorted(set(policy.thresholds) - _KEYS)
    if unknown:
        raise PolicyUnusable(f"There is no threshold {unknown[0]!r}.")


def put(policy: Policy, *, actor: str, now: datetime) -> None:
    """Keep a policy; raises ``PolicyUnusable`` for a threshold of no clause."""
    check(policy)
    active_tenant()
    body = PolicySet(
        actor=actor, on=policy.on, review=policy.review, block=policy.block,
        thresholds=dict(policy.thresholds),
    )  # fmt: skip
    with transaction.atomic():
        ScoringPolicy.objects.update_or_create(pk=1, defaults=_columns(policy))
        append([said("fraud.policy_set", body, source="portal", now=now)], recorded_at=now)
    _remembered.pop(active_schema(), None)


def _columns(policy: Policy) -> Mapping[str, object]:
    return {
        "on": policy.on, "review": policy.review, "block": policy.block,
        "thresholds": dict(policy.thresholds),
    }  # fmt: skip
