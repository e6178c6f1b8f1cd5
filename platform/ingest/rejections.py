"""What was turned away: findable with its code, within bounds, and counted for good."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection, transaction
from django.db.models import Q, Sum

from ingest.batch import DETAIL_LENGTH, Rejection
from ingest.models import Rejection as Row
from ingest.models import RejectionCount
from kernel.errors import DomainError
from kernel.paging import Page, decode_cursor, encode_cursor

KEPT = 100_000
WHOLE = -1
_PRUNE_EVERY = 500
_COUNT = """
INSERT INTO ingest_rejection_count (day, source, code, count)
SELECT %s, %s, * FROM unnest(%s::text[], %s::bigint[]) AS more (code, count) ORDER BY code
ON CONFLICT (day, source, code)
DO UPDATE SET count = ingest_rejection_count.count + excluded.count
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One rejection; ``index`` is ``WHOLE`` where a whole request was turned away."""

    id: int
    received_at: datetime
    source: str
    index: int
    code: str
    detail: str
    excerpt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeCount:
    """How often a code was given in a range of days."""

    code: str
    count: int


def keep(rejected: Sequence[Rejection], *, source: str, now: datetime) -> None:
    """Write ``rejected`` in one statement and count them; now and then the oldest rows go."""
    counts = Counter(each.code for each in rejected)
    with transaction.atomic():
        rows = Row.objects.bulk_create(
            [
                Row(
                    received_at=now,
                    source=source,
                    index=each.index,
                    code=each.code,
                    detail=_storable(each.detail),
                    excerpt=_storable(each.excerpt),
                )
                for each in rejected
            ]
        )
        with connection.cursor() as cursor:
            cursor.execute(_COUNT, [now.date(), source, list(counts.keys()), list(counts.values())])
        newest = rows[-1].pk
        if newest // _PRUNE_EVERY != (rows[0].pk - 1) // _PRUNE_EVERY:
            Row.objects.filter(pk__lte=newest - KEPT).delete()


def keep_whole(error: DomainError, *, source: str, size: int, now: datetime) -> None:
    """Write down a request that was turned away as a whole: its sender may never look."""
    refused = Rejection(
        index=WHOLE,
        code=error.code,
        detail=error.detail[:DETAIL_LENGTH],
        excerpt=f"a request of {size} bytes",
    )
    keep([refused], source=source, now=now)


def latest(limit: int) -> list[Row]:
    """The newest rejections, newest first."""
    return list(Row.objects.order_by("-pk")[:limit])


def find(
    *, code: str | None = None, text: str | None = None, cursor: str | None = None, limit: int
) -> Page[Item]:
    """Rejections, newest first, by code and by what their detail or outline says.

    Raises ``InvalidCursor``.
    """
    rows = Row.objects.order_by("-pk")
    if code:
        rows = rows.filter(code=code)
    if text:
        rows = rows.filter(Q(detail__icontains=text) | Q(excerpt__icontains=text))
    if cursor:
        (before,) = decode_cursor(cursor, (int,))
        rows = rows.filter(pk__lt=before)
    found = list(rows[: limit + 1])
    items = [
        Item(
            id=row.pk,
            received_at=row.received_at,
            source=row.source,
            index=row.index,
            code=row.code,
            detail=row.detail,
            excerpt=row.excerpt,
        )
        for row in found[:limit]
    ]
    more = encode_cursor(items[-1].id) if len(found) > limit else None
    return Page(items=items, next_cursor=more)


def counts(*, start: date, end: date) -> list[CodeCount]:
    """How often each code was given in the days ``start``..``end``, the most frequent first."""
    rows = RejectionCount.objects.filter(day__gte=start, day__lte=end).values("code")
    found = rows.annotate(total=Sum("count")).order_by("-total", "code")
    return [CodeCount(code=row["code"], count=row["total"]) for row in found]


def _storable(text: str) -> str:
    """A complaint may quote what the database can't keep."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
