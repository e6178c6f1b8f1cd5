"""Wiring of the event log."""

from django.apps import AppConfig


class EventlogConfig(AppConfig):
    """The log; one per tenant schema."""

    name = "eventlog"
    default_auto_field = "django.db.models.BigAutoField"
