"""Is this an event at all? Known type, an id, a believable time."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache

from eventlog import catalogue
from ingest.batch import Batch, Circumstances, Draft, Rejected, fill
from ingest.contracts import Observed
from kernel import ids

FUTURE = timedelta(hours=1)


def admit(batch: Batch) -> Batch:
    """Turn away types unknown or reserved, and unbelievable times; give an id and a time in UTC.

    An event sent with an id but no time keeps ``occurred_at=None``: the append step knows whether
    it was here before. One sent without an id can't be recognised again, and gets a new one.
    """
    return fill(batch, _admit)


def _admit(draft: Draft, circumstances: Circumstances) -> None:
    incoming = draft.incoming
    draft.version = catalogue.version_of(draft.type)
    if not (circumstances.trusted or _is_sent(draft.type)):
        raise Rejected("reserved_type", f"{draft.type} is recorded by the product itself.")
    moment = _moment(incoming.timestamp, circumstances) if incoming.timestamp else None
    if not incoming.id:
        draft.id = ids.uuid7(circumstances.now)
        draft.occurred_at = moment or circumstances.now
        return
    draft.id = ids.event_id(incoming.id)
    if circumstances.skew:
        # A retry is corrected by another difference, and must stay the same event: append decides.
        draft.corrected = moment
    else:
        draft.occurred_at = moment


@lru_cache(maxsize=256)
def _is_sent(type: str) -> bool:
    return catalogue.is_sent(type) or issubclass(catalogue.shape_of(type), Observed)


def _moment(sent: datetime, circumstances: Circumstances) -> datetime:
    now = circumstances.now
    try:
        moment = sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
        moment += circumstances.skew
    except OverflowError:
        raise Rejected("too_old", "The timestamp is outside the calendar.") from None
    if moment > now + FUTURE:
        raise Rejected(
            "in_future", f"{moment.isoformat()} is more than an hour ahead of our clock."
        )
    if moment < now - circumstances.oldest:
        days = circumstances.oldest.days
        raise Rejected("too_old", f"{moment.isoformat()} is more than {days} days ago.")
    return moment
