"""Alerts on every open page as they are raised. Redis may be away: then pages don't hear of it."""

import logging
from typing import Any

import redis.exceptions
from asgiref.sync import async_to_sync
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from channels.layers import get_channel_layer
from django.urls import path

from alerts.models import Alert
from eventlog.tenancy import active_schema

PERMISSION = "view_reports"
_FORBIDDEN = 4403
AWAY = (redis.exceptions.RedisError, OSError)
_log = logging.getLogger(__name__)


def group(schema: str) -> str:
    """The channel group of a tenant's open pages."""
    return f"alerts.{schema}"


def publish(number: int) -> None:
    """Show an alert of the active tenant on its open pages, as it is now. Never fails."""
    alert = Alert.objects.get(pk=number)
    message = {
        "type": "alert.changed",
        "alert": {
            "id": alert.pk, "severity": alert.severity, "state": alert.state,
            "title": alert.title, "since": alert.since.isoformat(),
        },
    }  # fmt: skip
    try:
        async_to_sync(get_channel_layer().group_send)(group(active_schema()), message)
    except AWAY:
        _log.info("an alert was not shown live: redis is away")


class AlertsConsumer(AsyncJsonWebsocketConsumer):  # type: ignore[misc]  # untyped library
    """A member's open page."""

    schema: str | None = None

    async def connect(self) -> None:
        """Let members in who may see reports; the socket middleware found out who they are."""
        tenant = self.scope.get("tenant")
        if tenant is None or PERMISSION not in self.scope.get("permissions", ()):
            await self.close(code=_FORBIDDEN)
            return
        self.schema = tenant.schema_name
        await self.channel_layer.group_add(group(self.schema), self.channel_name)
        await self.accept()

    async def disconnect(self, code: int) -> None:
        """Leave the group."""
        if self.schema is not None:
            await self.channel_layer.group_discard(group(self.schema), self.channel_name)

    async def alert_changed(self, message: dict[str, Any]) -> None:
        """Pass it on."""
        await self.send_json(message["alert"])


websocket_patterns = [path("ws/alerts/", AlertsConsumer.as_asgi())]
