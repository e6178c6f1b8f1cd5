"""How many events of each type came in each minute: the projection that rules ask."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from alerts.models import MinuteCount
from alerts.rules import WEEKS, Counts
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant

KEPT = timedelta(weeks=WEEKS, days=1)
_ADD = """
INSERT INTO alerts_minute_count (minute, type, events)
SELECT * FROM unnest(%s::timestamptz[], %s::text[], %s::bigint[])
ON CONFLICT (minute, type) DO UPDATE SET events = alerts_minute_count.events + excluded.events
"""
_COUNT = """
SELECT coalesce(sum(events), 0)::bigint FROM alerts_minute_count
WHERE type = %s AND minute >= %s AND minute < %s
"""


def handle(events: Sequence[StoredEvent]) -> None:
    """Count a batch by type and the minute in which it was recorded."""
    found = Counter(
        (each.recorded_at.replace(second=0, microsecond=0), each.type) for each in events
    )
    keys = sorted(found)
    with connection.cursor() as cursor:
        cursor.execute(
            _ADD,
            [[at for at, _ in keys], [name for _, name in keys], [found[key] for key in keys]],
        )


def reset() -> None:
    """Forget all counts."""
    active_tenant()
    MinuteCount.objects.all().delete()


def counts(type: str, *, minutes: int, now: datetime) -> Counts:
    """What came of ``type`` in the last whole ``minutes``, then, and as far as is remembered."""
    end = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
    begin = end - timedelta(minutes=minutes)
    first = MinuteCount.objects.order_by("minute").values_list("minute", flat=True).first()
    weeks = [timedelta(weeks=week) for week in range(1, WEEKS + 1)]
    known = [back for back in weeks if first is not None and first <= begin - back]
    return Counts(
        now=_between(type, begin, end),
        before=tuple(_between(type, begin - back, end - back) for back in known),
        ever=_between(type, end - KEPT, end),
    )


def forget(*, before: datetime) -> None:
    """Drop what no rule asks for any more."""
    MinuteCount.objects.filter(minute__lt=before).delete()


def types() -> list[str]:
    """The types that came lately, by name."""
    return sorted(MinuteCount.objects.values_list("type", flat=True).distinct())


def _between(type: str, begin: datetime, end: datetime) -> int:
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [type, begin, end])
        return int(cursor.fetchone()[0])
