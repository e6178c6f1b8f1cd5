"""From records to what the watch needs of single ones: stakes by cell and week, declared quiet.

A projection of its own. Counts do not depend on their order, so one that is built anew is the same.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.db import connection

from eventlog.catalogue import decode
from eventlog.contracts import StoredEvent
from eventlog.tenancy import active_tenant
from regulator.models import Quiet, StakeCell
from regulator.watch.stakes import cell, monday

NAME = "regulator-amounts"
"""The projection's name."""
_ADD = """
INSERT INTO regulator_stake_cell (operator, week, lowest, count)
SELECT * FROM unnest(%s::text[], %s::date[], %s::bigint[], %s::bigint[])
ON CONFLICT (operator, week, lowest)
DO UPDATE SET count = regulator_stake_cell.count + excluded.count
"""


def handle(events: Sequence[StoredEvent]) -> None:
    """Count a batch's stakes, and keep what operators declared to be without play."""
    counts: Counter[tuple[str, date, int]] = Counter()
    quiet = []
    for stored in events:
        if stored.type == "gaming.stake":
            body = decode(stored)
            week = monday(stored.occurred_at.astimezone(UTC).date())
            counts[body.operator, week, cell(body.amount)] += 1
        elif stored.type == "gaming.no_activity":
            body = decode(stored)
            since = datetime.fromisoformat(body.since)
            quiet.append(Quiet(operator=body.operator, since=since, until=stored.occurred_at))
    if counts:
        rows = [(*key, count) for key, count in sorted(counts.items())]
        with connection.cursor() as cursor:
            cursor.execute(_ADD, [list(column) for column in zip(*rows, strict=True)])
    Quiet.objects.bulk_create(quiet)


def reset() -> None:
    """Forget all of it."""
    active_tenant()
    StakeCell.objects.all().delete()
    Quiet.objects.all().delete()
