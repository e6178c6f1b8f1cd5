"""The wall hears of a batch when what it changed can be read: sent by the projection, on commit.

An open wall leaves a mark in the cache that expires; without one nothing is sent. Redis may be away
at any time: then the wall looks by itself every little while.
"""

import logging
from collections.abc import Iterable
from typing import Any

from asgiref.sync import async_to_sync, sync_to_async
from channels.layers import get_channel_layer
from django.urls import path

from portal.notices import AWAY
from portal.sockets import MemberConsumer
from portal.watchers import Watchers

_MOST = 200
"""Operators named in one message; a wall that has more looks at all of them anyway."""

_log = logging.getLogger(__name__)
watchers = Watchers("wall-watched")


def publish(schema: str, operators: Iterable[str]) -> None:
    """Tell the open walls of ``schema`` whose feeds have changed. Never fails."""
    if not watchers.present(schema):
        return
    message = {"type": "wall.changed", "operators": sorted(operators)[:_MOST]}
    try:
        async_to_sync(get_channel_layer().group_send)(WallConsumer.group(schema), message)
    except AWAY:
        _log.info("the wall of %s was not told: redis is away", schema)


class WallConsumer(MemberConsumer):
    """A member's open wall; the mark expires by itself."""

    permission = "view_reports"
    topic = "wall"

    async def entered(self) -> None:
        """Somebody looks."""
        await self._watch()

    async def receive_json(self, content: Any, **kwargs: Any) -> None:
        """The page says every few seconds that it is still there."""
        await self._watch()

    async def wall_changed(self, message: dict[str, Any]) -> None:
        """Pass it on."""
        await self.send_json({"operators": message["operators"]})

    async def _watch(self) -> None:
        if self.schema is not None:
            await sync_to_async(watchers.mark)(self.schema)


websocket_patterns = [path("ws/wall/", WallConsumer.as_asgi())]
