"""Wiring of the portal kit."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    """Pages, navigation, template tags."""

    name = "portal"
    label = "portal"
