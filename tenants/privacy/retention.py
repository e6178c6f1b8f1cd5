"""How long events are kept: what is older is turned away at the door, and expires in the log."""

from datetime import datetime, timedelta

from django.db import connection

from eventlog import catalogue
from eventlog.retention.expire import Expiry, expire, expiries
from ingest.batch import Batch, Rejected, Rejection, rejection, without
from tenants.privacy import policy
from tenants.privacy.policy import SHORTEST_DAYS

_KEPT = "SELECT retention_days FROM privacy_policy LIMIT 1"
_MARGIN = timedelta(days=SHORTEST_DAYS)


def turn_away(batch: Batch) -> Batch:
    """Refuse what would expire at once; a batch without anything old asks the database nothing."""
    now = batch.circumstances.now
    young = now - _MARGIN
    old = [draft for draft in batch.drafts if (draft.occurred_at or draft.corrected or now) < young]
    if not old:
        return batch
    going = set(catalogue.expiring())
    old = [draft for draft in old if draft.type in going]
    days = _kept() if old else None
    if days is None:
        return batch
    refusal = Rejected(
        "beyond_retention", f"This organisation keeps events for {days} days; this one is older."
    )
    until = now - timedelta(days=days)
    refused: dict[int, Rejection] = {
        id(draft): rejection(draft, refusal)
        for draft in old
        if (draft.occurred_at or draft.corrected or now) < until
    }
    return without(batch, refused)


def apply(*, now: datetime) -> Expiry | None:
    """Let the active tenant's old events expire as its policy says; ``None`` where none did."""
    days = policy.current().retention_days
    return None if days is None else expire(before=now - timedelta(days=days), now=now)


def last() -> Expiry | None:
    """The newest expiry of the active tenant."""
    return next(reversed(expiries()), None)


def _kept() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT)
        row = cursor.fetchone()
    return None if row is None else row[0]
