"""Wiring of the event log."""

from django.apps import AppConfig


class EventlogConfig(AppConfig):
    """The log; one per tenant schema."""

    name = "eventlog"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Make the log's own event types known."""
        from eventlog.seal import contracts  # noqa: F401  # registers its type when imported
