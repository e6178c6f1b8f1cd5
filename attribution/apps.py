"""Wiring of attribution: its projection and its step in ingestion."""

from django.apps import AppConfig


class AttributionConfig(AppConfig):
    """Channels, journeys, credit."""

    name = "attribution"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the event types known and register the projection."""
        from attribution import contracts, handlers  # noqa: F401  # contracts fill the catalogue
        from eventlog.subscriptions import Subscription, register

        register(Subscription(name="attribution", handle=handlers.handle, reset=handlers.reset))
