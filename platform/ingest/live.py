"""The live debugger: what the collectors just took, sent to whoever watches.

A watcher leaves a mark in the cache that expires; a collector looks for it at most once a second,
so nobody watching costs nothing. Redis may be away at any time: ingestion does not notice.
"""

import logging
from typing import Any

import msgspec
from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.urls import path

from eventlog.contracts import StoredEvent
from ingest.batch import Batch, Draft, Rejection
from portal.notices import AWAY
from portal.sockets import MemberConsumer
from portal.watchers import Watchers

PERMISSION = "view_events"
SHOWN = 50
_log = logging.getLogger(__name__)
watchers = Watchers("live-watched")


def publish(schema: str, batch: Batch) -> None:
    """Send summaries of a finished batch to the watchers of ``schema``; never fails ingestion."""
    if not watchers.present(schema):
        return
    layer = get_channel_layer()
    message = {"type": "live.batch", "events": summaries(batch)}
    try:
        async_to_sync(layer.group_send)(LiveConsumer.group(schema), message)
    except AWAY:
        _log.info("live events of %s not sent: redis is away", schema)


def summaries(batch: Batch) -> list[dict[str, Any]]:
    """At most ``SHOWN`` events of a batch, rejected ones first, as the page shows them."""
    now, source = batch.circumstances.now.isoformat(), batch.circumstances.source
    shown = [rejected(each, at=now, source=source) for each in batch.rejected[:SHOWN]]
    accepted = batch.drafts[: SHOWN - len(shown)]
    return shown + [
        _accepted(draft, now, source, draft.index in batch.duplicates) for draft in accepted
    ]


def _accepted(draft: Draft, at: str, source: str, duplicate: bool) -> dict[str, Any]:
    return {
        "status": "duplicate" if duplicate else "accepted",
        "id": str(draft.id),
        "type": draft.type,
        "subject": draft.subject,
        "at": at,
        "source": source,
        "body": msgspec.json.decode(draft.payload),
    }


def rejected(each: Rejection | Any, *, at: str, source: str) -> dict[str, Any]:
    """A rejection as the page shows it."""
    return {
        "status": "rejected",
        "type": each.code,
        "code": each.code,
        "detail": each.detail,
        "at": at,
        "source": source,
        "body": each.excerpt,
    }


def stored(event: StoredEvent) -> dict[str, Any]:
    """An event of the log as the page shows it."""
    return {
        "status": "accepted",
        "id": str(event.id),
        "type": event.type,
        "subject": event.subject,
        "at": event.recorded_at.isoformat(),
        "source": event.source,
        "body": msgspec.json.decode(event.payload),
    }


class LiveConsumer(MemberConsumer):
    """A member's view of the tenant's incoming events; the mark expires by itself."""

    permission = PERMISSION
    topic = "live"

    async def entered(self) -> None:
        """Somebody watches."""
        await self._watch()

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """The page says every few seconds that it is still there."""
        await self._watch()

    async def live_batch(self, message: dict[str, Any]) -> None:
        """Pass a batch on."""
        await self.send_json({"events": message["events"]})

    async def _watch(self) -> None:
        if self.schema is not None:
            await sync_to_async(watchers.mark)(self.schema)


websocket_patterns = [path("ws/events/", LiveConsumer.as_asgi())]
