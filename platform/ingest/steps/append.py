"""Write the batch to the log: one transaction, one COPY."""

from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction

from eventlog import append as log
from eventlog.contracts import NewEvent
from ingest.batch import Batch, Circumstances, Draft

_REMEMBER = """
INSERT INTO first_seen (id, occurred_at)
SELECT id, at FROM unnest(%s::uuid[], %s::timestamptz[]) AS sent (id, at) ORDER BY id
ON CONFLICT DO NOTHING
"""
_RECALL = "SELECT id, occurred_at FROM first_seen WHERE id = ANY(%s::uuid[])"


def append(batch: Batch) -> Batch:
    """Append what is left of the batch; ``duplicates`` are the indexes the log already had."""
    if not batch.drafts:
        return batch
    circumstances = batch.circumstances
    undated = any(draft.occurred_at is None for draft in batch.drafts)
    # The time of an undated event and the event itself belong into one transaction; a batch without
    # any has no need of a second one around the log's own.
    with transaction.atomic() if undated else nullcontext():
        if undated:
            _date(batch.drafts, circumstances)
        answer = log.append(
            [_event(draft, circumstances.source) for draft in batch.drafts],
            recorded_at=circumstances.now,
        )
    known = zip(batch.drafts, answer.duplicate, strict=True)
    return replace(
        batch, duplicates=frozenset(draft.index for draft, duplicate in known if duplicate)
    )


def _event(draft: Draft, source: str) -> NewEvent:
    if draft.occurred_at is None:
        raise AssertionError("append dates every draft before it writes it")
    return NewEvent(
        id=draft.id,
        type=draft.type,
        version=draft.version,
        subject=draft.subject,
        occurred_at=draft.occurred_at,
        source=source,
        payload=draft.payload,
        sealed=draft.sealed,
    )


def _date(drafts: tuple[Draft, ...], circumstances: Circumstances) -> None:
    """Give drafts without a time the one of their first arrival, the same for every retry.

    Corrected times too: how far a clock seems off differs from try to try. An event that is in the
    log under its own time already (it came once without delay) keeps that.
    """
    undated = [draft for draft in drafts if draft.occurred_at is None]
    times = _first_seen(
        [draft.id for draft in undated],
        [draft.corrected or circumstances.now for draft in undated],
    )
    times |= _as_sent([draft for draft in undated if draft.corrected], circumstances.skew)
    for draft in undated:
        draft.occurred_at = times[draft.id]


def _first_seen(ids: list[UUID], times: list[datetime]) -> dict[UUID, datetime]:
    with connection.cursor() as cursor:
        cursor.execute(_REMEMBER, [ids, times])
        cursor.execute(_RECALL, [ids])
        return dict(cursor.fetchall())


def _as_sent(drafts: list[Draft], skew: timedelta) -> dict[UUID, datetime]:
    """The times of those of ``drafts`` that the log holds as they were sent, uncorrected."""
    known = log.existing(
        [(draft.corrected - skew, draft.id) for draft in drafts if draft.corrected]
    )
    return {key: moment for moment, key in known}
