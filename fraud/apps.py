"""Wiring of fraud."""

from django.apps import AppConfig


class FraudConfig(AppConfig):
    """Which events are real."""

    name = "fraud"
    default_auto_field = "django.db.models.BigAutoField"
