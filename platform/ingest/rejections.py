"""Keep what was turned away findable, within bounds."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from ingest.batch import Rejection
from ingest.models import Rejection as Row

KEPT = 10_000
_PRUNE_EVERY = 500


def keep(rejected: Sequence[Rejection], *, source: str, now: datetime) -> None:
    """Write ``rejected`` in one statement; each 500th row prunes to the newest 10,000."""
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
        newest = rows[-1].pk
        if newest // _PRUNE_EVERY != (rows[0].pk - 1) // _PRUNE_EVERY:
            Row.objects.filter(pk__lte=newest - KEPT).delete()


def latest(limit: int) -> list[Row]:
    """The newest rejections, newest first."""
    return list(Row.objects.order_by("-pk")[:limit])


def _storable(text: str) -> str:
    """A complaint may quote what the database can't keep."""
    return text.replace("\x00", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
