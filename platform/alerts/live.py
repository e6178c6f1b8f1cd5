"""Alerts on every open page as they are raised. Redis may be away: then pages don't hear of it."""

import logging
from typing import Any

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.urls import path

from alerts.models import Alert
from eventlog.tenancy import active_schema
from portal.notices import AWAY
from portal.sockets import MemberConsumer

_log = logging.getLogger(__name__)


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
        group = AlertsConsumer.group(active_schema())
        async_to_sync(get_channel_layer().group_send)(group, message)
    except AWAY:
        _log.info("an alert was not shown live: redis is away")


class AlertsConsumer(MemberConsumer):
    """A member's open page."""

    permission = "view_reports"
    topic = "alerts"

    async def alert_changed(self, message: dict[str, Any]) -> None:
        """Pass it on."""
        await self.send_json(message["alert"])


websocket_patterns = [path("ws/alerts/", AlertsConsumer.as_asgi())]
